import { newArray } from './own-property.ts';
import { MathImul, MathRandom, ObjectKeys, ObjectPrototype } from './primordials.ts';
import { readString } from './read-string.ts';
import type { Reader } from './reader.ts';

// Keys come again and again: known bytes give the string that V8 has interned already, which also
// makes it quick to use as a key. 512 slots of one key each; a newer one takes an older one's place.
const SLOT_BITS = 9;
const SLOTS = 1 << SLOT_BITS;
const SLOT_BYTES = 32;
const keyBytes = new Uint8Array(SLOTS * SLOT_BYTES);
const keyLengths = new Uint8Array(SLOTS);
const keyHashes = new Int32Array(SLOTS);
const keyStrings = newArray(SLOTS) as string[];
// In which decoding a slot's key was last found to be absent from Object.prototype.
const cleanIn = new Uint32Array(SLOTS);
// Whether a slot's string is the interned one.
const isInterned = new Uint8Array(SLOTS);
let decoding = 0;
let lastSlot = -1;
let lastHash = 0;
// Odd, as a factor must be that loses nothing.
const HASH_FACTOR = (MathRandom() * 2 ** 32) | 1;

/** Forgets what was found out about Object.prototype: code may have run that changed it. */
export function beginKeys(): void {
  decoding = (decoding + 1) >>> 0;
}

/** A hash of the key that was read last, which nobody outside can foresee. */
export function lastKeyHash(): number {
  return lastHash;
}

/** Reads a key whose str has `length` bytes. */
export function readKey(reader: Reader, length: number): string {
  lastSlot = -1;
  const { bytes, position } = reader;
  if (length === 0 || length > SLOT_BYTES || length > reader.end - position) {
    const key = readString(reader, length);
    lastHash = hashOf(bytes, position, length);
    return key;
  }
  const slot = slotOf(bytes, position, length);
  lastSlot = slot;
  if (keyLengths[slot] !== length || !isStored(slot, bytes, position, length)) {
    storeKey(slot, bytes, position, length, readString(reader, length));
  } else {
    reader.position = position + length;
    if (isInterned[slot] === 0) internKey(slot);
  }
  lastHash = keyHashes[slot] as number;
  return keyStrings[slot] as string;
}

/**
 * Whether assigning the key that was read last creates an own property of a fresh `{}`: nothing on
 * Object.prototype, such as `__proto__` or a setter that guest code has put there, catches it.
 * No code but the decoder's runs within one decoding, so one look for each key is enough.
 */
export function isAssignable(key: string): boolean {
  if (lastSlot >= 0 && cleanIn[lastSlot] === decoding) return true;
  if (key in ObjectPrototype) return false;
  if (lastSlot >= 0) cleanIn[lastSlot] = decoding;
  return true;
}

function slotOf(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] as number;
  const middle = bytes[at + (length >> 1)] as number;
  const last = bytes[at + length - 1] as number;
  const mixed = (first << 16) + (middle << 8) + last + (length << 21);
  // Fibonacci hashing: the high bits of the product depend on all of the number's.
  return MathImul(mixed, 0x9e3779b1) >>> (32 - SLOT_BITS);
}

function hashOf(bytes: Uint8Array, at: number, length: number): number {
  let hash = length;
  for (let index = at; index < at + length; index += 1) {
    hash = MathImul(hash ^ (bytes[index] as number), HASH_FACTOR);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isStored(slot: number, bytes: Uint8Array, at: number, length: number): boolean {
  const stored = slot * SLOT_BYTES;
  for (let index = 0; index < length; index += 1) {
    if (keyBytes[stored + index] !== bytes[at + index]) return false;
  }
  return true;
}

function storeKey(slot: number, bytes: Uint8Array, at: number, length: number, key: string): void {
  const stored = slot * SLOT_BYTES;
  for (let index = 0; index < length; index += 1) {
    keyBytes[stored + index] = bytes[at + index] as number;
  }
  keyLengths[slot] = length;
  keyHashes[slot] = hashOf(bytes, at, length);
  cleanIn[slot] = 0;
  keyStrings[slot] = key;
  isInterned[slot] = 0;
}

/**
 * What an object's keys give is the interned string. That takes 1 to 3 µs, more for each new name, so
 * that only a key that comes again is worth it. Digits may be an index, and an object with one index can
 * take 12 kB to make.
 */
function internKey(slot: number): void {
  isInterned[slot] = 1;
  const first = keyBytes[slot * SLOT_BYTES] as number;
  if (first >= 0x30 && first <= 0x39) return;
  keyStrings[slot] = ObjectKeys({ [keyStrings[slot] as string]: 0 })[0] as string;
}
