import { decodeValue } from './codec/decode.ts';
import { encodeArguments, encodeValue } from './codec/encode.ts';
import { translateFailure } from './codec/failures.ts';
import { ScatterError } from './errors.ts';
import type { AnyFunction } from './model/function-type.ts';
import type { GuestFunction } from './model/guest-function.ts';
import type { Limits } from './model/limits.ts';

/**
 * Calls a function of this program in the host itself (`isolation: 'none'`). Arguments, results and
 * errors cross as they would into an isolate, so that what passes here passes there.
 *
 * @throws ScatterError `VALUE_UNSUPPORTED`, `VALUE_TOO_LARGE`, `GUEST_THREW`
 */
export async function callInHost(
  fn: AnyFunction,
  target: GuestFunction,
  args: readonly unknown[],
  limits: Limits,
): Promise<unknown> {
  const copies = crossed(() => encodeArguments(args, { maxBytes: limits.maxArgumentBytes }));
  let result: unknown;
  try {
    result = await Reflect.apply(fn, undefined, copies as never[]);
  } catch (thrown) {
    throw threw(thrown, target);
  }
  return crossed(() => encodeValue(result, { root: 'result', maxBytes: limits.maxResultBytes }));
}

function crossed(encode: () => Uint8Array): unknown {
  try {
    const bytes = encode();
    return decodeValue(bytes, 0, bytes.byteLength);
  } catch (error) {
    throw translateFailure(error);
  }
}

function threw(thrown: unknown, target: GuestFunction): ScatterError {
  const who = { function: target.name, version: target.version, cause: thrown };
  const shown = `\`${target.name}@${target.version}\` threw`;
  if (!(thrown instanceof Error)) {
    const guest = { name: 'NonError', message: String(thrown), stack: '', data: thrown };
    return new ScatterError('SCATTER_ERR_GUEST_THREW', `${shown} ${guest.message}`, {
      ...who,
      guest,
    });
  }
  const { name, message, stack = '' } = thrown;
  const guest = { name, message, stack, data: { ...thrown } };
  return new ScatterError('SCATTER_ERR_GUEST_THREW', `${shown} ${name}: ${message}`, {
    ...who,
    guest,
  });
}
