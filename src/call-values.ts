import { encodeArguments } from './codec/encode.ts';
import { translateFailure } from './codec/failures.ts';
import { ScatterError } from './errors.ts';
import type { GuestFunction } from './model/guest-function.ts';

/** @throws ScatterError `VALUE_UNSUPPORTED`, `VALUE_TOO_LARGE` */
export function encodeCall(
  args: readonly unknown[],
  maxBytes: number,
  target: GuestFunction,
): Uint8Array {
  try {
    return encodeArguments(args, { maxBytes });
  } catch (error) {
    throw namedFailure(error, target, `calling \`${target.name}\``);
  }
}

/** A failure of the codec as callers see it: with the function whose values they are. */
export function namedFailure(error: unknown, target: GuestFunction, doing: string): unknown {
  const translated = translateFailure(error);
  if (!(translated instanceof ScatterError)) return translated;
  return new ScatterError(translated.code, `${doing}: ${translated.message}`, {
    function: target.name,
    version: target.version,
    ...(translated.path !== undefined && { path: translated.path }),
  });
}
