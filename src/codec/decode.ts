/**
 * The value whose encoding is `bytes` from `start` up to `end`. The result keeps no view of `bytes`.
 * Stays within bounds whatever the bytes are, but bytes of unknown origin go through `scan` first.
 *
 * @throws CodecFailure `malformed`
 */
export function decodeValue(
  bytes: Uint8Array,
  start: number = 0,
  end: number = bytes.length,
): unknown {
  throw new Error(`not yet: ${start} ${end}`);
}
