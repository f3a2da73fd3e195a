import { TypedArrayPrototypeSet } from './primordials.ts';
import { viewOf } from './typed-arrays.ts';
import { EXT_ENTRIES } from './wire.ts';
import { reserve, type Writer } from './writer.ts';

// Arrays and maps have no form with a length of one byte.
const NO_TAG = -1;
// An ext whose length comes later has the longest form.
const EXT_HEADER_BYTES = 6;

/** Writes one byte: nil, true, false. */
export function writeByte(writer: Writer, byte: number): void {
  reserve(writer, 1);
  writer.bytes[writer.position++] = byte;
}

export function writeArrayHeader(writer: Writer, count: number): void {
  if (count < 16) writeByte(writer, 0x90 | count);
  else writeHeader(writer, count, NO_TAG, 0xdc, 0xdd);
}

export function writeMapHeader(writer: Writer, count: number): void {
  if (count < 16) writeByte(writer, 0x80 | count);
  else writeHeader(writer, count, NO_TAG, 0xde, 0xdf);
}

export function writeStringHeader(writer: Writer, length: number): void {
  if (length < 32) writeByte(writer, 0xa0 | length);
  else writeHeader(writer, length, 0xd9, 0xda, 0xdb);
}

export function writeExtHeader(writer: Writer, type: number, length: number): void {
  if (length === 8) writeByte(writer, 0xd7);
  else writeHeader(writer, length, 0xc7, 0xc8, 0xc9);
  writeByte(writer, type);
}

/** Begins an ext whose length is not known yet; {@link closeExt} with the result ends it. */
export function openExt(writer: Writer, type: number): number {
  reserve(writer, EXT_HEADER_BYTES);
  writer.bytes[writer.position] = 0xc9;
  writer.bytes[writer.position + 5] = type;
  writer.position += EXT_HEADER_BYTES;
  return writer.position;
}

export function closeExt(writer: Writer, body: number): void {
  putUint32(writer.bytes, body - 5, writer.position - body);
}

/**
 * Makes the map of `count` pairs that was written from `start` on, its first pair at `body`, an
 * ext of entries: a map's keys are str, and one of these is not.
 */
export function turnIntoEntries(writer: Writer, start: number, body: number, count: number): void {
  const length = writer.position - body;
  const room = EXT_HEADER_BYTES + (count < 8 ? 1 : count < 0x8000 ? 3 : 5);
  const moved = start + room;
  reserve(writer, moved - body);
  TypedArrayPrototypeSet(writer.bytes, viewOf(writer.bytes, body, length), moved);
  writer.position = start;
  const payload = openExt(writer, EXT_ENTRIES);
  writeArrayHeader(writer, count * 2);
  writer.position = moved + length;
  closeExt(writer, payload);
}

/** The shortest of three forms of a length or value. */
export function writeHeader(
  writer: Writer,
  value: number,
  tag8: number,
  tag16: number,
  tag32: number,
): void {
  if (value <= 0xff && tag8 !== NO_TAG) writeTagged8(writer, tag8, value);
  else if (value <= 0xffff) writeTagged16(writer, tag16, value);
  else writeTagged32(writer, tag32, value);
}

export function writeTagged8(writer: Writer, tag: number, value: number): void {
  reserve(writer, 2);
  writer.bytes[writer.position] = tag;
  writer.bytes[writer.position + 1] = value;
  writer.position += 2;
}

export function writeTagged16(writer: Writer, tag: number, value: number): void {
  reserve(writer, 3);
  const { bytes, position } = writer;
  bytes[position] = tag;
  bytes[position + 1] = value >> 8;
  bytes[position + 2] = value;
  writer.position = position + 3;
}

export function writeTagged32(writer: Writer, tag: number, value: number): void {
  reserve(writer, 5);
  writer.bytes[writer.position] = tag;
  putUint32(writer.bytes, writer.position + 1, value);
  writer.position += 5;
}

export function writeBytes(writer: Writer, source: Uint8Array, length: number): void {
  reserve(writer, length);
  TypedArrayPrototypeSet(writer.bytes, source, writer.position);
  writer.position += length;
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
}
