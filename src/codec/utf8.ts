import { newArray } from './own-property.ts';
import {
  ArrayPrototypeToSpliced,
  ReflectApply,
  StringFromCharCode,
  StringPrototypeCharCodeAt,
} from './primordials.ts';

const CHUNK = 4096;
// A list of own elements, so that neither filling it nor passing it as arguments runs guest code.
const units = newArray(CHUNK) as number[];
const REPLACEMENT = 0xfffd;

/** Writes the ASCII that `text` begins with and returns how many characters that were. */
export function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  const length = text.length;
  for (let index = 0; index < length; index += 1) {
    const unit = StringPrototypeCharCodeAt(text, index);
    if (unit > 0x7f) return index;
    bytes[at + index] = unit;
  }
  return length;
}

/** Bytes of `text` in UTF-8, or -1 when it holds half a surrogate pair. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = StringPrototypeCharCodeAt(text, index);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 2;
    else {
      // NaN behind the end is no second half either.
      const next = StringPrototypeCharCodeAt(text, index + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return -1;
      bytes += 2;
      index += 1;
    }
  }
  return bytes;
}

/** Writes all of `text`, which has no half pairs; the caller has made room for it. */
export function writeUtf8(bytes: Uint8Array, start: number, text: string): void {
  let at = start;
  for (let index = 0; index < text.length; index += 1) {
    let code = StringPrototypeCharCodeAt(text, index);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
    } else {
      if (code < 0xd800 || code > 0xdfff) {
        bytes[at++] = 0xe0 | (code >> 12);
      } else {
        index += 1;
        code = 0x10000 + ((code & 0x3ff) << 10) + (StringPrototypeCharCodeAt(text, index) & 0x3ff);
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (code & 0x3f);
  }
}

/**
 * The text in `bytes` from `start` to `end`. Bytes that are no UTF-8 give some text, never an
 * access outside of the range.
 */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  while (at < end) {
    let count = 0;
    // One place is kept for the second half of a pair.
    while (at < end && count < CHUNK - 1) {
      const lead = bytes[at] as number;
      if (lead < 0x80) {
        units[count++] = lead;
        at += 1;
        continue;
      }
      const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      const code = at + size <= end ? readCodePoint(bytes, at, size) : REPLACEMENT;
      if (code > 0xffff) units[count++] = 0xd7c0 + (code >> 10);
      units[count++] = code > 0xffff ? 0xdc00 | (code & 0x3ff) : code;
      at += size;
    }
    text += fromUnits(count);
  }
  return text;
}

/** The text of little-endian UTF-16 code units. */
export function readUtf16(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  while (at + 1 < end) {
    let count = 0;
    for (; at + 1 < end && count < CHUNK; at += 2) {
      units[count++] = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    }
    text += fromUnits(count);
  }
  return text;
}

function readCodePoint(bytes: Uint8Array, at: number, size: number): number {
  const lead = bytes[at] as number;
  const second = (bytes[at + 1] as number) & 0x3f;
  if (size === 2) return ((lead & 0x1f) << 6) | second;
  const third = (bytes[at + 2] as number) & 0x3f;
  if (size === 3) return ((lead & 0x0f) << 12) | (second << 6) | third;
  const fourth = (bytes[at + 3] as number) & 0x3f;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
}

function fromUnits(count: number): string {
  const exact = ArrayPrototypeToSpliced(units, count, CHUNK);
  return ReflectApply(StringFromCharCode, undefined, exact);
}
