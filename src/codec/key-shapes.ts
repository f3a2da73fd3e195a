import { lastKeyHash } from './key-cache.ts';
import { MathImul } from './primordials.ts';

// V8 makes a hidden class for each new sequence of keys, at 1 to 4 µs a key: 8 MiB of small objects with
// ever new keys, or known ones in ever new orders, took 2 to 4 s. So many new sequences one value may have.
const MOST_NEW = 1024;
// Sequences that were met, by their hashes, in pairs of slots; a newer one takes an older one's place.
const PAIR_BITS = 11;
const met = new Int32Array(2 << PAIR_BITS);
let emptyShape = 1;
let newLeft = 0;

/** What stands for a sequence of keys that is to get no hidden class. */
export const NO_SHAPE = 0;

// Two keys that no decoded object has.
const FIRST = Symbol();
const SECOND = Symbol();

/** Begins the objects of one decoding. */
export function beginShapes(): void {
  // Another one each time, so that what was met in others does not count.
  emptyShape = mix(emptyShape, MOST_NEW);
  newLeft = MOST_NEW;
}

/** The shape of an object without keys. */
export function shapeOfEmpty(): number {
  return emptyShape;
}

/** The shape of an object of this shape that gets the key that was read last. */
export function shapeWithKey(shape: number): number {
  const next = mix(shape, lastKeyHash());
  const pair = (next >>> (32 - PAIR_BITS)) * 2;
  if (met[pair] === next || met[pair + 1] === next) return next;
  if (newLeft === 0) return NO_SHAPE;
  newLeft -= 1;
  met[pair + 1] = met[pair] as number;
  met[pair] = next;
  return next;
}

/** Never {@link NO_SHAPE}. */
function mix(shape: number, key: number): number {
  return MathImul(shape ^ key, 0x9e3779b1) | 1;
}

/** An object without properties that V8 keeps as a table, as it does large ones. */
export function newTable(): Record<PropertyKey, unknown> {
  const object: Record<PropertyKey, unknown> = { a: 0, b: 0 };
  // Removing the newest property would only bring back the class before it.
  delete object['a'];
  delete object['b'];
  return object;
}

/** Makes V8 keep an object as a table. */
export function turnIntoTable(object: Record<PropertyKey, unknown>): void {
  object[FIRST] = 0;
  object[SECOND] = 0;
  delete object[FIRST];
  delete object[SECOND];
}
