import { decodeAny } from './decode-any.ts';
import { beginKeys } from './key-cache.ts';
import { beginShapes } from './key-shapes.ts';
import { TypedArrayPrototypeGetLength } from './primordials.ts';
import { createReader, malformed, type Reader } from './reader.ts';

// What an item takes beside its bytes: a place, and a number or the head of a string in it.
const ITEM_WEIGHT = 24;

/** A value with about how many bytes of memory it takes: more rather than less. */
export interface Weighed {
  readonly value: unknown;
  readonly weight: number;
}

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
  return decodeWith(openReader(bytes, start, end));
}

/** {@link decodeValue}, with the weight of the value. */
export function decodeWeighed(bytes: Uint8Array, start: number, end: number): Weighed {
  const reader = openReader(bytes, start, end);
  const value = decodeWith(reader);
  const items = end - start - reader.unclaimed;
  return { value, weight: reader.weight - reader.spare + items * ITEM_WEIGHT + end - start };
}

function openReader(bytes: Uint8Array, start: number, end: number): Reader {
  if (!(start >= 0 && start <= end && end <= TypedArrayPrototypeGetLength(bytes))) {
    throw malformed('lies outside of its bytes');
  }
  return createReader(bytes, start, end);
}

function decodeWith(reader: Reader): unknown {
  const { end } = reader;
  beginKeys();
  beginShapes();
  const value = decodeAny(reader);
  if (reader.position !== end) throw malformed('goes on after the value');
  return value;
}
