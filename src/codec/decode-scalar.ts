import {
  ArrayBufferConstructor,
  BigIntOf,
  TypedArrayPrototypeSet,
  Uint8ArrayConstructor,
} from './primordials.ts';
import {
  addWeight,
  malformed,
  type Reader,
  readUint8,
  readUint16,
  readUint32,
  takeBytes,
} from './reader.ts';
import { newTypedArray, viewOf } from './typed-arrays.ts';
import { readUtf8 } from './utf8.ts';
import { BIGINT_WEIGHT, BINARY_WEIGHT, TYPED_ARRAY_ELEMENT_BYTES } from './wire.ts';

const floatRead = new Float64Array(1);
const floatReadBytes = new Uint8Array(floatRead.buffer);
const MINUS = 0x2d;

/** Reads what follows a tag of an integer. */
export function readInteger(reader: Reader, tag: number): number {
  switch (tag) {
    case 0xcc:
      return readUint8(reader);
    case 0xcd:
      return readUint16(reader);
    case 0xce:
      return readUint32(reader);
    case 0xd0:
      return (readUint8(reader) << 24) >> 24;
    case 0xd1:
      return (readUint16(reader) << 16) >> 16;
    case 0xd2:
      return readUint32(reader) | 0;
  }
  throw malformed('has a type that is not used');
}

export function readFloat(reader: Reader): number {
  const at = takeBytes(reader, 8);
  for (let index = 0; index < 8; index += 1) {
    floatReadBytes[7 - index] = reader.bytes[at + index] as number;
  }
  return floatRead[0] as number;
}

/** Reads the digits of a bigint, all `length` bytes. */
export function readBigInt(reader: Reader, length: number): bigint {
  addWeight(reader, BIGINT_WEIGHT);
  const at = takeBytes(reader, length);
  const negative = length > 0 && reader.bytes[at] === MINUS;
  const first = negative ? at + 1 : at;
  if (!areHexDigits(reader.bytes, first, at + length)) throw malformed('has a bigint of no digits');
  const magnitude = BigIntOf(`0x${readUtf8(reader.bytes, first, at + length)}`);
  return negative ? -magnitude : magnitude;
}

/** Whether there are digits from `start` to `end`, and nothing else; capitals are not written. */
export function areHexDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return false;
  }
  return end > start;
}

/** Copies `length` bytes into a buffer of their own. */
export function readBuffer(reader: Reader, length: number): ArrayBuffer {
  addWeight(reader, BINARY_WEIGHT);
  const at = takeBytes(reader, length);
  const buffer = new ArrayBufferConstructor(length);
  const view = new Uint8ArrayConstructor(buffer, 0, length);
  TypedArrayPrototypeSet(view, viewOf(reader.bytes, at, length), 0);
  return buffer;
}

export function readBinary(reader: Reader, length: number): Uint8Array {
  addWeight(reader, BINARY_WEIGHT);
  const at = takeBytes(reader, length);
  const copy = new Uint8ArrayConstructor(length);
  TypedArrayPrototypeSet(copy, viewOf(reader.bytes, at, length), 0);
  return copy;
}

/** Reads a typed array of the class at `index`. */
export function readTypedArray(reader: Reader, index: number, length: number): object {
  const size = index < TYPED_ARRAY_ELEMENT_BYTES.length ? TYPED_ARRAY_ELEMENT_BYTES[index] : 0;
  if (!size || length % size !== 0) throw malformed('has a typed array of no known form');
  const array = newTypedArray(index, readBuffer(reader, length));
  if (array === undefined) throw malformed('has a typed array that this runtime lacks');
  return array;
}
