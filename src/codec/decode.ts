import { decodeAny } from './decode-any.ts';
import { beginKeys } from './key-cache.ts';
import { TypedArrayPrototypeGetLength } from './primordials.ts';
import { createReader, malformed } from './reader.ts';

/**
 * The value whose encoding is `bytes` from `start` up to `end`. The result keeps no view of `bytes`.
 * Stays within bounds whatever the bytes are, but bytes of unknown origin go through `scan` first.
 *
 * @throws CodecFailure `malformed`
 */
export function decodeValue(
  bytes: Uint8Array,
  start: number = 0,
  end: number = TypedArrayPrototypeGetLength(bytes),
): unknown {
  if (!(start >= 0 && start <= end && end <= TypedArrayPrototypeGetLength(bytes))) {
    throw malformed('lies outside of its bytes');
  }
  beginKeys();
  const reader = createReader(bytes, start, end);
  const value = decodeAny(reader);
  if (reader.position !== end) throw malformed('goes on after the value');
  return value;
}
