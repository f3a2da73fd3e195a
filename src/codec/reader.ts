import { CodecFailure } from './codec-failure.ts';
import { ERROR_WEIGHT, FIELD_WEIGHT, MAX_DEPTH, MAX_WEIGHT } from './wire.ts';

/** Where a decoding stands. */
export interface Reader {
  readonly bytes: Uint8Array;
  position: number;
  /** Reads go no further: the end of the bytes, or of the ext that is being read. */
  end: number;
  depth: number;
  /** Bytes that no container has claimed yet for its items. */
  unclaimed: number;
  /** Of the objects so far, in the sense of MAX_WEIGHT. */
  weight: number;
  /** How much of that the decoder found not to be taken, since most objects are compact. */
  spare: number;
}

export function createReader(bytes: Uint8Array, start: number, end: number): Reader {
  return { bytes, position: start, end, depth: 0, weight: 0, spare: 0, unclaimed: end - start };
}

/** Takes `count` bytes and returns where they begin. @throws CodecFailure when there are fewer */
export function takeBytes(reader: Reader, count: number): number {
  const { position } = reader;
  if (count > reader.end - position) throw malformed('ends too early');
  reader.position = position + count;
  return position;
}

export function readUint8(reader: Reader): number {
  return reader.bytes[takeBytes(reader, 1)] as number;
}

export function readUint16(reader: Reader): number {
  const at = takeBytes(reader, 2);
  return ((reader.bytes[at] as number) << 8) | (reader.bytes[at + 1] as number);
}

export function readUint32(reader: Reader): number {
  return readUint16(reader) * 0x10000 + readUint16(reader);
}

/** Begins a container of `items` values, each of which takes a byte at least. */
export function enterContainer(reader: Reader, items: number, weight: number): void {
  // Also in sum: else a thousand containers, one in another, could each claim all that is left.
  reader.unclaimed -= items;
  if (items > reader.end - reader.position || reader.unclaimed < 0) {
    throw malformed('ends within an array or map');
  }
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) throw malformed('is nested too deep');
  addWeight(reader, weight);
}

/** Counts towards MAX_WEIGHT. */
export function addWeight(reader: Reader, weight: number): void {
  reader.weight += weight;
  if (reader.weight > MAX_WEIGHT) throw malformed('has too many objects');
}

/** What an error weighs that is written as `count` items. */
export function errorWeight(count: number): number {
  return ERROR_WEIGHT + ((count - 2) >> 1) * FIELD_WEIGHT;
}

export function leaveContainer(reader: Reader): void {
  reader.depth -= 1;
}

/** How many items the array that begins here has; nothing else may begin here. */
export function readArrayHeader(reader: Reader): number {
  const count = readArrayLength(reader, readUint8(reader));
  if (count < 0) throw malformed('lacks an array');
  return count;
}

/** The item count of an array with this tag, -1 for a tag of something else. */
export function readArrayLength(reader: Reader, tag: number): number {
  if (tag >= 0x90 && tag <= 0x9f) return tag & 0x0f;
  if (tag === 0xdc) return readUint16(reader);
  return tag === 0xdd ? readUint32(reader) : -1;
}

/** The pair count of a map with this tag, -1 for a tag of something else. */
export function readMapLength(reader: Reader, tag: number): number {
  if (tag >= 0x80 && tag <= 0x8f) return tag & 0x0f;
  if (tag === 0xde) return readUint16(reader);
  return tag === 0xdf ? readUint32(reader) : -1;
}

/** The length of a bin with this tag, -1 for a tag of something else. */
export function readBinaryLength(reader: Reader, tag: number): number {
  if (tag === 0xc4) return readUint8(reader);
  if (tag === 0xc5) return readUint16(reader);
  return tag === 0xc6 ? readUint32(reader) : -1;
}

/** The payload's length of an ext with this tag, -1 for a tag of something else. */
export function readExtLength(reader: Reader, tag: number): number {
  if (tag === 0xd4) return 1;
  if (tag === 0xd7) return 8;
  if (tag === 0xc7) return readUint8(reader);
  if (tag === 0xc8) return readUint16(reader);
  return tag === 0xc9 ? readUint32(reader) : -1;
}

/** The length of a str with this tag, -1 for a tag of something else. */
export function readStringLength(reader: Reader, tag: number): number {
  if (tag >= 0xa0 && tag <= 0xbf) return tag & 0x1f;
  if (tag === 0xd9) return readUint8(reader);
  if (tag === 0xda) return readUint16(reader);
  return tag === 0xdb ? readUint32(reader) : -1;
}

export function malformed(reason: string): CodecFailure {
  return new CodecFailure('malformed', '', `the encoding ${reason}`);
}
