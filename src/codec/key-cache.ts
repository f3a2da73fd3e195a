import { newArray } from './own-property.ts';
import { MathImul, ObjectKeys, ObjectPrototype } from './primordials.ts';
import { readString } from './read-string.ts';
import type { Reader } from './reader.ts';

// Keys come again and again: known bytes give the string that V8 has interned already, which also
// makes it quick to use as a key. 512 slots of one key each; a newer one takes an older one's place.
const SLOT_BITS = 9;
const SLOTS = 1 << SLOT_BITS;
const SLOT_BYTES = 32;
const keyBytes = new Uint8Array(SLOTS * SLOT_BYTES);
const keyLengths = new Uint8Array(SLOTS);
const keyStrings = newArray(SLOTS) as string[];
// In which decoding a slot's key was last found to be absent from Object.prototype.
const cleanIn = new Uint32Array(SLOTS);
let decoding = 0;
let lastSlot = -1;

/** Forgets what was found out about Object.prototype: code may have run that changed it. */
export function beginKeys(): void {
  decoding = (decoding + 1) >>> 0;
}

/** Reads a key whose str has `length` bytes. */
export function readKey(reader: Reader, length: number): string {
  lastSlot = -1;
  if (length === 0 || length > SLOT_BYTES || length > reader.end - reader.position) {
    return readString(reader, length);
  }
  const { bytes, position } = reader;
  const slot = slotOf(bytes, position, length);
  if (keyLengths[slot] !== length || !isStored(slot, bytes, position, length)) {
    storeKey(slot, bytes, position, length, readString(reader, length));
  } else {
    reader.position = position + length;
  }
  lastSlot = slot;
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
  cleanIn[slot] = 0;
  // What an object's keys give is the interned string. Digits may be an index, and an object with one
  // index can take 12 kB to make.
  const first = bytes[at] as number;
  const isDigit = first >= 0x30 && first <= 0x39;
  keyStrings[slot] = isDigit ? key : (ObjectKeys({ [key]: 0 })[0] as string);
}
