import { type HostBuffer, hostBuffer } from './host-buffer.ts';
import {
  BigIntPrototypeToString,
  StringPrototypeCharCodeAt,
  StringPrototypeIsWellFormed,
} from './primordials.ts';
import { utf8Length, writeAscii, writeUtf8 } from './utf8.ts';
import { EXT_BIGINT, EXT_DATE, EXT_UNDEFINED, EXT_UTF16 } from './wire.ts';
import {
  writeByte,
  writeBytes,
  writeExtHeader,
  writeHeader,
  writeStringHeader,
  writeTagged8,
  writeTagged16,
  writeTagged32,
} from './write-header.ts';
import { reserve, type Writer } from './writer.ts';

// From here on a call into Node's Buffer is faster than a loop.
const NATIVE_WRITE_LENGTH = 40;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

export function writeUndefined(writer: Writer): void {
  reserve(writer, 3);
  const { bytes, position } = writer;
  bytes[position] = 0xd4;
  bytes[position + 1] = EXT_UNDEFINED;
  bytes[position + 2] = 0;
  writer.position = position + 3;
}

/** Integers of up to 32 bits in their shortest form, everything else (-0 too) as float64. */
export function writeNumber(writer: Writer, value: number): void {
  if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
    if (value >= 0) writeUnsigned(writer, value);
    else writeNegative(writer, value);
  } else if (value >>> 0 === value && value !== 0) {
    writeUnsigned(writer, value);
  } else {
    writeFloat(writer, value);
  }
}

/**
 * Writes a string and returns true, or, for one that has half a surrogate pair and so no UTF-8,
 * writes its code units and returns false.
 */
export function writeString(writer: Writer, text: string): boolean {
  const { length } = text;
  if (length >= NATIVE_WRITE_LENGTH && hostBuffer !== undefined) {
    return writeLongString(writer, text, hostBuffer);
  }
  const start = writer.position;
  writeStringHeader(writer, length);
  reserve(writer, length);
  const ascii = writeAscii(writer.bytes, writer.position, text);
  if (ascii === length) {
    writer.position += length;
    return true;
  }
  writer.position = start;
  const byteLength = utf8Length(text);
  if (byteLength < 0) return writeUnits(writer, text);
  writeStringHeader(writer, byteLength);
  reserve(writer, byteLength);
  writeUtf8(writer.bytes, writer.position, text);
  writer.position += byteLength;
  return true;
}

export function writeBigInt(writer: Writer, value: bigint): void {
  const digits = BigIntPrototypeToString(value, 16);
  writeExtHeader(writer, EXT_BIGINT, digits.length);
  reserve(writer, digits.length);
  writeAscii(writer.bytes, writer.position, digits);
  writer.position += digits.length;
}

export function writeDate(writer: Writer, ms: number): void {
  writeExtHeader(writer, EXT_DATE, 8);
  writeFloatBytes(writer, ms);
}

/** Writes an ext with the bytes as its payload. */
export function writeExtBytes(
  writer: Writer,
  type: number,
  source: Uint8Array,
  length: number,
): void {
  writeExtHeader(writer, type, length);
  writeBytes(writer, source, length);
}

export function writeBinary(writer: Writer, source: Uint8Array, length: number): void {
  writeHeader(writer, length, 0xc4, 0xc5, 0xc6);
  writeBytes(writer, source, length);
}

function writeUnsigned(writer: Writer, value: number): void {
  if (value < 0x80) writeByte(writer, value);
  else writeHeader(writer, value, 0xcc, 0xcd, 0xce);
}

function writeNegative(writer: Writer, value: number): void {
  if (value >= -32) writeByte(writer, value & 0xff);
  else if (value >= -0x80) writeTagged8(writer, 0xd0, value);
  else if (value >= -0x8000) writeTagged16(writer, 0xd1, value);
  else writeTagged32(writer, 0xd2, value);
}

function writeFloat(writer: Writer, value: number): void {
  writeByte(writer, 0xcb);
  writeFloatBytes(writer, value);
}

function writeFloatBytes(writer: Writer, value: number): void {
  reserve(writer, 8);
  const { bytes, position } = writer;
  float[0] = value;
  for (let index = 0; index < 8; index += 1) {
    bytes[position + index] = floatBytes[7 - index] as number;
  }
  writer.position = position + 8;
}

function writeLongString(writer: Writer, text: string, buffer: HostBuffer): boolean {
  // At least a byte for each unit: says no before the text is measured.
  reserve(writer, text.length);
  if (!StringPrototypeIsWellFormed(text)) return writeUnits(writer, text);
  const byteLength = buffer.byteLength(text);
  writeStringHeader(writer, byteLength);
  reserve(writer, byteLength);
  buffer.writeUtf8(writer.bytes, text, writer.position, byteLength);
  writer.position += byteLength;
  return true;
}

function writeUnits(writer: Writer, text: string): boolean {
  const { length } = text;
  writeExtHeader(writer, EXT_UTF16, length * 2);
  reserve(writer, length * 2);
  const { bytes } = writer;
  let at = writer.position;
  for (let index = 0; index < length; index += 1) {
    const unit = StringPrototypeCharCodeAt(text, index);
    bytes[at++] = unit;
    bytes[at++] = unit >> 8;
  }
  writer.position = at;
  return false;
}
