import { isHiddenField, newError } from './decode-error.ts';
import { readObject } from './decode-object.ts';
import {
  readBigInt,
  readBinary,
  readBuffer,
  readFloat,
  readInteger,
  readTypedArray,
} from './decode-scalar.ts';
import { isErrorPart } from './error-parts.ts';
import { defineOwn, newArray } from './own-property.ts';
import {
  DateConstructor,
  MapConstructor,
  MapPrototypeSet,
  SetConstructor,
  SetPrototypeAdd,
} from './primordials.ts';
import { readString } from './read-string.ts';
import {
  addWeight,
  enterContainer,
  errorWeight,
  leaveContainer,
  malformed,
  type Reader,
  readArrayHeader,
  readArrayLength,
  readBinaryLength,
  readExtLength,
  readMapLength,
  readStringLength,
  readUint8,
  takeBytes,
} from './reader.ts';
import { firstSparseIndex, keepSparse } from './sparse-indices.ts';
import { readUtf16 } from './utf8.ts';
import {
  ARRAY_WEIGHT,
  DATE_WEIGHT,
  EXT_ARRAY_BUFFER,
  EXT_BIGINT,
  EXT_DATE,
  EXT_ENTRIES,
  EXT_ERROR,
  EXT_MAP,
  EXT_SET,
  EXT_TYPED_ARRAY,
  EXT_UNDEFINED,
  EXT_UTF16,
  FIELD_WEIGHT,
  MAP_ITEM_WEIGHT,
  MAP_WEIGHT,
  OBJECT_WEIGHT,
  SET_ITEM_WEIGHT,
  SET_WEIGHT,
} from './wire.ts';

/** Reads one value of any type. @throws CodecFailure `malformed` */
export function decodeAny(reader: Reader): unknown {
  const tag = readUint8(reader);
  if (tag < 0x80) return tag;
  if (tag < 0x90) return readObject(reader, tag & 0x0f, decodeAny);
  if (tag < 0xa0) return decodeArray(reader, tag & 0x0f);
  if (tag < 0xc0) return readString(reader, tag & 0x1f);
  return tag >= 0xe0 ? tag - 0x100 : decodeTagged(reader, tag);
}

function decodeTagged(reader: Reader, tag: number): unknown {
  switch (tag) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xcb:
      return readFloat(reader);
  }
  if (tag >= 0xde) return readObject(reader, readMapLength(reader, tag), decodeAny);
  if (tag >= 0xdc) return decodeArray(reader, readArrayLength(reader, tag));
  if (tag >= 0xd9) return readString(reader, readStringLength(reader, tag));
  if (tag >= 0xc4 && tag <= 0xc6) return readBinary(reader, readBinaryLength(reader, tag));
  const ext = readExtLength(reader, tag);
  return ext < 0 ? readInteger(reader, tag) : decodeExt(reader, ext);
}

function decodeArray(reader: Reader, count: number): unknown[] {
  enterContainer(reader, count, ARRAY_WEIGHT);
  const array = newArray(count);
  for (let index = 0; index < count; index += 1) array[index] = decodeAny(reader);
  leaveContainer(reader);
  return array;
}

/** Reads an ext whose type comes next and whose payload has `length` bytes. */
function decodeExt(reader: Reader, length: number): unknown {
  const type = readUint8(reader);
  const end = takeBytes(reader, length) + length;
  reader.position = end - length;
  const outerEnd = reader.end;
  // The payload's own values must not run over its end.
  reader.end = end;
  const value = decodePayload(reader, type, length);
  if (reader.position !== end) throw malformed('has an extension that ends too late');
  reader.end = outerEnd;
  return value;
}

function decodePayload(reader: Reader, type: number, length: number): unknown {
  switch (type) {
    case EXT_UNDEFINED:
      takeBytes(reader, 1);
      return undefined;
    case EXT_BIGINT:
      return readBigInt(reader, length);
    case EXT_DATE:
      addWeight(reader, DATE_WEIGHT);
      return new DateConstructor(readFloat(reader));
    case EXT_MAP:
      return decodeMap(reader);
    case EXT_SET:
      return decodeSet(reader);
    case EXT_ERROR:
      return decodeError(reader);
    case EXT_UTF16:
      return decodeUtf16(reader, length);
    case EXT_ENTRIES:
      return decodeEntries(reader);
    case EXT_ARRAY_BUFFER:
      return readBuffer(reader, length);
  }
  if (type < EXT_TYPED_ARRAY) throw malformed('has an extension of no known type');
  return readTypedArray(reader, type - EXT_TYPED_ARRAY, length);
}

function decodeMap(reader: Reader): Map<unknown, unknown> {
  const count = readPairs(reader, MAP_WEIGHT, MAP_ITEM_WEIGHT * 2);
  const map = new MapConstructor();
  for (let index = 0; index < count; index += 1) {
    const key = decodeAny(reader);
    MapPrototypeSet(map, key, decodeAny(reader));
  }
  leaveContainer(reader);
  return map;
}

function decodeSet(reader: Reader): Set<unknown> {
  const count = readArrayHeader(reader);
  enterContainer(reader, count, SET_WEIGHT + count * SET_ITEM_WEIGHT);
  const set = new SetConstructor();
  for (let index = 0; index < count; index += 1) SetPrototypeAdd(set, decodeAny(reader));
  leaveContainer(reader);
  return set;
}

function decodeEntries(reader: Reader): object {
  const count = readPairs(reader, OBJECT_WEIGHT, FIELD_WEIGHT);
  const object = {};
  let firstSparse = firstSparseIndex(count);
  for (let index = 0; index < count; index += 1) {
    const key = decodeText(reader);
    firstSparse = keepSparse(object, key, firstSparse);
    defineOwn(object, key, decodeAny(reader), true);
  }
  leaveContainer(reader);
  return object;
}

function decodeError(reader: Reader): Error {
  const count = readArrayHeader(reader);
  enterContainer(reader, count, errorWeight(count));
  if (count < 2) throw malformed('has an error without name or message');
  const name = decodeText(reader);
  const error = newError(name, decodeText(reader));
  if (count % 2 === 1) defineOwn(error, 'cause', decodeAny(reader), false);
  let firstSparse = firstSparseIndex(count / 2);
  for (let index = 2 + (count % 2); index < count; index += 2) {
    const key = decodeText(reader);
    const value = decodeAny(reader);
    firstSparse = keepSparse(error, key, firstSparse);
    if (!isErrorPart(key)) defineOwn(error, key, value, !isHiddenField(name, key));
  }
  leaveContainer(reader);
  return error;
}

/** Begins an array of keys and values in turn and returns how many pairs there are. */
function readPairs(reader: Reader, weight: number, pairWeight: number): number {
  const count = readArrayHeader(reader);
  if (count % 2 !== 0) throw malformed('has a key without a value');
  enterContainer(reader, count, weight + (count / 2) * pairWeight);
  return count / 2;
}

/** A string in either form. */
function decodeText(reader: Reader): string {
  const text = decodeAny(reader);
  if (typeof text !== 'string') throw malformed('has a key or message that is no string');
  return text;
}

function decodeUtf16(reader: Reader, length: number): string {
  if (length % 2 !== 0) throw malformed('has half a character');
  const at = takeBytes(reader, length);
  return readUtf16(reader.bytes, at, at + length);
}
