import type { CallSettings } from './call-options.ts';
import { CapabilityCalls } from './capability-calls.ts';
import type { CapabilityRoom } from './capability-room.ts';
import { type CapabilityUse, currentScope, runInScope } from './capability-scope.ts';
import { checkProvided } from './capability-set.ts';
import { isCodecFailure } from './codec/codec-failure.ts';
import { decodeValue } from './codec/decode.ts';
import { encodeArguments } from './codec/encode.ts';
import type { Logger } from './logger.ts';
import type { GuestFunction } from './model/guest-function.ts';
import { DEFAULT_LIMITS } from './model/limits.ts';

/**
 * Runs a call of `target` in the host (`isolation: 'none'`) with what it would have in an isolate: the
 * capabilities that its version declares and the outermost call was given, by copies of values, within
 * their limits.
 *
 * @throws ScatterError `CAPABILITY_MISSING`, and what `run` rejects with
 */
export async function runWithCapabilities<R>(
  target: GuestFunction,
  settings: CallSettings,
  host: { readonly logger: Logger; readonly room: CapabilityRoom },
  run: () => Promise<R>,
): Promise<R> {
  const outermost = currentScope()?.calls;
  const calls = outermost ?? new CapabilityCalls(target, settings, host);
  checkProvided(target, calls.given);
  const uses = new Map(target.artifact.requires.map((name) => [name, useFor(calls, target, name)]));
  try {
    return await runInScope({ uses, calls }, run);
  } finally {
    if (outermost === undefined) calls.end();
  }
}

function useFor(calls: CapabilityCalls, from: GuestFunction, name: string): CapabilityUse {
  return async (path, args) => {
    const { ok, value, onLeft } = await calls.answer({ from, name, path, args: encoded(args) });
    onLeft?.();
    const answer = decodeValue(value, 0, value.byteLength);
    if (ok) return answer;
    throw answer;
  };
}

/** @throws TypeError as in an isolate */
function encoded(args: readonly unknown[]): Uint8Array {
  try {
    return encodeArguments(args, { maxBytes: DEFAULT_LIMITS.maxArgumentBytes });
  } catch (error) {
    if (isCodecFailure(error)) throw new TypeError(`${error.path} ${error.reason}`);
    throw error;
  }
}
