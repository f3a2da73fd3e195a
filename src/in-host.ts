import type { CallSettings } from './call-options.ts';
import { encodeCall, namedFailure } from './call-values.ts';
import { isCodecFailure } from './codec/codec-failure.ts';
import { decodeValue } from './codec/decode.ts';
import { encodeValue } from './codec/encode.ts';
import { type GuestErrorReport, ScatterError } from './errors.ts';
import type { AnyFunction } from './model/function-type.ts';
import type { GuestFunction } from './model/guest-function.ts';
import { timeoutError } from './pool/call-error.ts';

const MAX_REPORT_BYTES = 256 * 1024;

/**
 * Calls a function of this program in the host itself (`isolation: 'none'`). Arguments, results and
 * errors cross as they would into an isolate, so that what passes here passes there. Nothing can stop
 * it: a signal or a time limit ends the call and not the code.
 *
 * @throws ScatterError `VALUE_UNSUPPORTED`, `VALUE_TOO_LARGE`, `GUEST_THREW`, `GUEST_TIMEOUT`, `ABORTED`
 */
export async function callInHost(
  fn: AnyFunction,
  target: GuestFunction,
  args: readonly unknown[],
  settings: CallSettings,
): Promise<unknown> {
  const copies = decoded(encodeCall(args, settings.limits.maxArgumentBytes, target));
  const result = await withEnds(target, settings, () => run(fn, target, copies as never[]));
  try {
    const maxBytes = settings.limits.maxResultBytes;
    return decoded(encodeValue(result, { root: 'result', maxBytes }));
  } catch (error) {
    throw namedFailure(error, target, `\`${target.name}@${target.version}\``);
  }
}

async function run(fn: AnyFunction, target: GuestFunction, args: never[]): Promise<unknown> {
  try {
    return await Reflect.apply(fn, undefined, args);
  } catch (thrown) {
    const guest = reportOf(thrown);
    throw new ScatterError(
      'SCATTER_ERR_GUEST_THREW',
      `\`${target.name}@${target.version}\` threw ${guest.name}: ${guest.message}`,
      { function: target.name, version: target.version, guest, cause: thrown },
    );
  }
}

/** What an isolate would say of it, see `workers/guest/error-report.ts`. */
function reportOf(thrown: unknown): GuestErrorReport {
  if (!(thrown instanceof Error)) {
    return { name: 'NonError', message: shownValue(thrown), stack: '', data: portable(thrown) };
  }
  const { name, message, stack = '' } = thrown;
  const fields = Object.entries(thrown).map(([key, value]) => [key, portable(value)]);
  return { name, message, stack, data: Object.fromEntries(fields) };
}

function shownValue(value: unknown): string {
  if (value === undefined) return '';
  try {
    return typeof value === 'symbol' ? 'a symbol' : String(value);
  } catch {
    // It has no text, or its own toString() throws; there is nothing to show.
    return '';
  }
}

function portable(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  try {
    return decoded(encodeValue(value, { root: 'error', maxBytes: MAX_REPORT_BYTES }));
  } catch (error) {
    if (isCodecFailure(error)) return '[cannot cross]';
    throw error;
  }
}

/** Ends at the signal or after `timeoutMs`, if the call does not end before. */
async function withEnds(
  target: GuestFunction,
  { signal, limits }: CallSettings,
  call: () => Promise<unknown>,
): Promise<unknown> {
  if (signal?.aborted) throw abortedError(target, signal);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(abortedError(target, signal));
  const timer = setTimeout(() => reject(timeoutError(target, limits)), limits.timeoutMs);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([call(), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** The caller aborted. */
export function abortedError(target: GuestFunction, signal: AbortSignal | undefined): ScatterError {
  return new ScatterError('SCATTER_ERR_ABORTED', `the call of \`${target.name}\` was aborted`, {
    cause: signal?.reason,
    function: target.name,
    version: target.version,
  });
}

function decoded(bytes: Uint8Array): unknown {
  return decodeValue(bytes, 0, bytes.byteLength);
}
