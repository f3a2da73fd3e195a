import { decodeValue } from './decode.ts';
import { CHECKED_COLLECTION_SIZE, KeyCollisions } from './key-collisions.ts';
import { LONGEST_HASHED, LongNames } from './long-names.ts';
import {
  addWeight,
  createReader,
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
import { SCALAR_BYTES, scanBigInt, scanText, scanTypedArray } from './scan-scalar.ts';
import {
  ARRAY_WEIGHT,
  BIGINT_WEIGHT,
  BINARY_WEIGHT,
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
  PROPERTY_WEIGHT,
  SET_ITEM_WEIGHT,
  SET_WEIGHT,
} from './wire.ts';

// Those of the value that is being scanned, once it has one. All its objects count together, since V8
// keeps one table of all names.
let longNames: LongNames | undefined;

/**
 * Passes only bytes that the encoder could have written, give or take longer forms of a length:
 * this stands between a hostile guest and the decoder. Reads each byte once and keeps nothing but
 * a stack of at most `MAX_DEPTH` levels.
 *
 * @throws CodecFailure `malformed`
 */
export function scan(bytes: Uint8Array, start: number = 0, end: number = bytes.length): void {
  if (!(start >= 0 && start <= end && end <= bytes.length)) {
    throw malformed('lies outside of its bytes');
  }
  longNames = undefined;
  const reader = createReader(bytes, start, end);
  scanAny(reader);
  if (reader.position !== end) throw malformed('goes on after the value');
}

function scanAny(reader: Reader): void {
  const tag = readUint8(reader);
  if (tag < 0x80 || tag >= 0xe0) return;
  const scalar = SCALAR_BYTES[tag] as number;
  if (scalar >= 0) takeBytes(reader, scalar);
  else scanSized(reader, tag);
}

/** Scans what has a length in or after its tag. */
function scanSized(reader: Reader, tag: number): void {
  if (tag < 0x90 || tag >= 0xde) scanMap(reader, readMapLength(reader, tag));
  else if (tag < 0xa0 || tag >= 0xdc) scanArray(reader, readArrayLength(reader, tag));
  else if (tag < 0xc0 || tag >= 0xd9) scanText(reader, readStringLength(reader, tag));
  else if (tag >= 0xc4 && tag <= 0xc6) scanBinary(reader, readBinaryLength(reader, tag));
  else scanExt(reader, readExtLength(reader, tag));
}

function scanBinary(reader: Reader, length: number): void {
  addWeight(reader, BINARY_WEIGHT);
  takeBytes(reader, length);
}

function scanArray(reader: Reader, count: number): void {
  enterContainer(reader, count, ARRAY_WEIGHT);
  for (let index = 0; index < count; index += 1) scanAny(reader);
  leaveContainer(reader);
}

function scanMap(reader: Reader, count: number): void {
  enterContainer(reader, count * 2, OBJECT_WEIGHT + count * PROPERTY_WEIGHT);
  for (let index = 0; index < count; index += 1) {
    const start = reader.position;
    const length = readStringLength(reader, readUint8(reader));
    if (length < 0) throw malformed('has a key that is no string');
    scanText(reader, length);
    if (length > LONGEST_HASHED) countName(reader, start);
    scanAny(reader);
  }
  leaveContainer(reader);
}

function scanExt(reader: Reader, length: number): void {
  if (length < 0) throw malformed('has a type that is not used');
  const type = readUint8(reader);
  const end = takeBytes(reader, length) + length;
  reader.position = end - length;
  const outerEnd = reader.end;
  // The payload's own values must not run over its end.
  reader.end = end;
  scanPayload(reader, type, length);
  if (reader.position !== end) throw malformed('has an extension that ends too late');
  reader.end = outerEnd;
}

function scanPayload(reader: Reader, type: number, length: number): void {
  switch (type) {
    case EXT_MAP:
      scanCollection(reader, true);
      return;
    case EXT_SET:
      scanCollection(reader, false);
      return;
    case EXT_ERROR:
      scanError(reader);
      return;
    case EXT_ENTRIES:
      scanEntries(reader);
      return;
    case EXT_UTF16:
      if (length % 2 !== 0) throw malformed('has half a character');
      takeBytes(reader, length);
      return;
    case EXT_UNDEFINED:
      if (readUint8(reader) !== 0) throw malformed('has an undefined that is none');
      return;
  }
  scanScalar(reader, type, length);
}

function scanScalar(reader: Reader, type: number, length: number): void {
  if (type === EXT_BIGINT) {
    addWeight(reader, BIGINT_WEIGHT);
    scanBigInt(reader, length);
  } else if (type === EXT_DATE) {
    addWeight(reader, DATE_WEIGHT);
    takeBytes(reader, 8);
  } else {
    addWeight(reader, BINARY_WEIGHT);
    if (type === EXT_ARRAY_BUFFER) takeBytes(reader, length);
    else scanTypedArray(reader, type - EXT_TYPED_ARRAY, length);
  }
}

/** Scans the array of a Set, or of a Map, which has values between the keys. */
function scanCollection(reader: Reader, hasValues: boolean): void {
  const count = readArrayHeader(reader);
  if (hasValues && count % 2 !== 0) throw malformed('has a key without a value');
  enterContainer(
    reader,
    count,
    hasValues ? MAP_WEIGHT + count * MAP_ITEM_WEIGHT : SET_WEIGHT + count * SET_ITEM_WEIGHT,
  );
  const size = hasValues ? count / 2 : count;
  const collisions = size > CHECKED_COLLECTION_SIZE ? new KeyCollisions(size) : undefined;
  for (let index = 0; index < size; index += 1) {
    const start = reader.position;
    scanAny(reader);
    collisions?.add(reader.bytes, start, reader.position);
    if (hasValues) scanAny(reader);
  }
  leaveContainer(reader);
}

function scanEntries(reader: Reader): void {
  const count = readArrayHeader(reader);
  if (count % 2 !== 0) throw malformed('has a key without a value');
  enterContainer(reader, count, OBJECT_WEIGHT + (count / 2) * FIELD_WEIGHT);
  for (let index = 0; index < count; index += 2) {
    scanName(reader);
    scanAny(reader);
  }
  leaveContainer(reader);
}

function scanError(reader: Reader): void {
  const count = readArrayHeader(reader);
  if (count < 2) throw malformed('has an error without name or message');
  enterContainer(reader, count, errorWeight(count));
  scanEitherText(reader);
  scanEitherText(reader);
  if (count % 2 === 1) scanAny(reader);
  for (let index = 2 + (count % 2); index < count; index += 2) {
    scanName(reader);
    scanAny(reader);
  }
  leaveContainer(reader);
}

/** The name of a property, as UTF-8 or as code units. */
function scanName(reader: Reader): void {
  const start = reader.position;
  scanEitherText(reader);
  if (reader.position - start > LONGEST_HASHED) countName(reader, start);
}

/** Counts the name whose scanned encoding begins at `start` if it is too long to be hashed. */
function countName(reader: Reader, start: number): void {
  const name = decodeValue(reader.bytes, start, reader.position) as string;
  if (name.length <= LONGEST_HASHED) return;
  longNames ??= new LongNames();
  longNames.add(name);
}

/** A string, as UTF-8 or as code units. */
function scanEitherText(reader: Reader): void {
  const tag = readUint8(reader);
  const text = readStringLength(reader, tag);
  if (text >= 0) {
    scanText(reader, text);
    return;
  }
  const ext = readExtLength(reader, tag);
  if (ext < 0 || reader.bytes[reader.position] !== EXT_UTF16) {
    throw malformed('has a key or message that is no string');
  }
  scanExt(reader, ext);
}
