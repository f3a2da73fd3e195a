import { isUtf8 } from 'node:buffer';
import { areHexDigits } from './decode-scalar.ts';
import { malformed, type Reader, takeBytes } from './reader.ts';
import { TYPED_ARRAY_ELEMENT_BYTES } from './wire.ts';

// From here on a call into Node is faster than a loop, the view for it included.
const NATIVE_LENGTH = 128;

/** How many bytes follow a tag of nil, a boolean or a number; -1 for any other tag. */
export const SCALAR_BYTES: Int8Array = scalarBytes();

/** Checks a string of `length` bytes of UTF-8. */
export function scanText(reader: Reader, length: number): void {
  const { bytes } = reader;
  const start = takeBytes(reader, length);
  const end = start + length;
  const valid =
    length < NATIVE_LENGTH ? isUtf8Text(bytes, start, end) : isUtf8(bytes.subarray(start, end));
  if (!valid) throw malformed('has a string that is not UTF-8');
}

export function scanBigInt(reader: Reader, length: number): void {
  const start = takeBytes(reader, length);
  const first = length > 0 && reader.bytes[start] === 0x2d ? start + 1 : start;
  if (!areHexDigits(reader.bytes, first, start + length)) {
    throw malformed('has a bigint of no digits');
  }
}

/** Checks the elements of a typed array of the class at `index`. */
export function scanTypedArray(reader: Reader, index: number, length: number): void {
  const size = TYPED_ARRAY_ELEMENT_BYTES[index];
  if (size === undefined || length % size !== 0) {
    throw malformed('has an extension of no known form');
  }
  takeBytes(reader, length);
}

function isUtf8Text(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    if ((bytes[at] as number) < 0x80) {
      at += 1;
      continue;
    }
    const size = characterBytes(bytes, at);
    if (size === 0 || at + size > end) return false;
    for (let next = 1; next < size; next += 1) {
      if (((bytes[at + next] as number) & 0xc0) !== 0x80) return false;
    }
    at += size;
  }
  return true;
}

/** Size of the character beyond ASCII at `at`, 0 for a first byte, or first two, that begin none (RFC 3629). */
function characterBytes(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  const second = bytes[at + 1] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  // Longer forms than needed, surrogates, and what is above U+10FFFF.
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead < 0xf0) return 3;
  if (lead === 0xf0 && second < 0x90) return 0;
  return lead === 0xf4 && second > 0x8f ? 0 : 4;
}

function scalarBytes(): Int8Array {
  const sizes = new Int8Array(256).fill(-1);
  for (const tag of [0xc0, 0xc2, 0xc3]) sizes[tag] = 0;
  for (const tag of [0xcc, 0xd0]) sizes[tag] = 1;
  for (const tag of [0xcd, 0xd1]) sizes[tag] = 2;
  for (const tag of [0xce, 0xd2]) sizes[tag] = 4;
  sizes[0xcb] = 8;
  return sizes;
}
