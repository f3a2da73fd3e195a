import { hostBuffer } from './host-buffer.ts';
import { MathMin, StringFromCharCode } from './primordials.ts';
import { type Reader, takeBytes } from './reader.ts';
import { readUtf8 } from './utf8.ts';

// From here on a call into Node's Buffer is faster than a loop.
const NATIVE_READ_LENGTH = 16;
const SHORT_LENGTH = 8;

/** Reads a str of `length` bytes. */
export function readString(reader: Reader, length: number): string {
  const start = takeBytes(reader, length);
  if (length <= 2 * SHORT_LENGTH && isAscii(reader.bytes, start, length)) {
    const first = shortAscii(reader.bytes, start, MathMin(length, SHORT_LENGTH));
    return length <= SHORT_LENGTH
      ? first
      : first + shortAscii(reader.bytes, start + SHORT_LENGTH, length - SHORT_LENGTH);
  }
  if (length >= NATIVE_READ_LENGTH && hostBuffer !== undefined) {
    return hostBuffer.readUtf8(reader.bytes, start, start + length);
  }
  return readUtf8(reader.bytes, start, start + length);
}

function isAscii(bytes: Uint8Array, start: number, length: number): boolean {
  let bits = 0;
  for (let at = start; at < start + length; at += 1) bits |= bytes[at] as number;
  return bits < 0x80;
}

function shortAscii(bytes: Uint8Array, at: number, length: number): string {
  if (length === 0) return '';
  const a = bytes[at] as number;
  if (length === 1) return StringFromCharCode(a);
  const b = bytes[at + 1] as number;
  if (length === 2) return StringFromCharCode(a, b);
  const c = bytes[at + 2] as number;
  if (length === 3) return StringFromCharCode(a, b, c);
  const d = bytes[at + 3] as number;
  if (length === 4) return StringFromCharCode(a, b, c, d);
  const e = bytes[at + 4] as number;
  if (length === 5) return StringFromCharCode(a, b, c, d, e);
  const f = bytes[at + 5] as number;
  if (length === 6) return StringFromCharCode(a, b, c, d, e, f);
  const g = bytes[at + 6] as number;
  if (length === 7) return StringFromCharCode(a, b, c, d, e, f, g);
  return StringFromCharCode(a, b, c, d, e, f, g, bytes[at + 7] as number);
}
