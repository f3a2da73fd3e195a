import { numericHash } from '../../../src/codec/key-collisions.ts';
import { EXT_BIGINT, EXT_ENTRIES, EXT_ERROR, EXT_MAP, EXT_SET } from '../../../src/codec/wire.ts';
import { array, ext, gathered, header, repeated, text } from './wire-bytes.ts';

const NIL = 0xc0;
const EMPTY = Buffer.of(0x90);
const LONG = 'x'.repeat(16_500);

/** An array of the same thing again and again. */
function rowOf(part: Uint8Array): (bytes: number) => Buffer {
  return (bytes) => array(...repeated(part, bytes));
}

function arrayOf(make: (index: number) => Uint8Array): (bytes: number) => Buffer {
  return (bytes) => array(...gathered(make, bytes));
}

function setOf(make: (index: number) => Uint8Array): (bytes: number) => Buffer {
  return (bytes) => ext(EXT_SET, array(...gathered(make, bytes)));
}

function objectOf(key: (index: number) => string): (bytes: number) => Buffer {
  return (bytes) => {
    const [count, all] = gathered((at) => Buffer.concat([text(key(at)), Buffer.of(NIL)]), bytes);
    return Buffer.concat([header(0xdf, count), all]);
  };
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xcb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** The number-th whole number that falls into the first of 512 buckets. */
function colliding(index: number): Buffer {
  for (let key = COLLIDING.at(-1) ?? 0; COLLIDING.length <= index; ) {
    key += 1;
    if ((numericHash(key) & 0x1ff) === 0) COLLIDING.push(key);
  }
  return float(COLLIDING[index] ?? 0);
}
const COLLIDING: number[] = [];

function fields(pairs: number, keyed: string): Buffer {
  const one = Buffer.concat([text(keyed), Buffer.of(NIL)]);
  return Buffer.concat([Buffer.of(0x80 | pairs), ...Array<Buffer>(pairs).fill(one)]);
}

const SPARSE = Buffer.concat([
  Buffer.of(0x82),
  ...['1023', '2575'].flatMap((key) => [text(key), Buffer.of(NIL)]),
]);
const INDEXED_ERROR = ext(
  EXT_ERROR,
  Buffer.concat([Buffer.of(0x94, 0xa0, 0xa0), text('3300'), Buffer.of(NIL)]),
);
const HALF_KEY = Buffer.of(0xc7, 2, 6, 0, 0xd8);

/** Values of about so many bytes that are as costly for their size as one could think of. */
export const FAMILIES: Readonly<Record<string, (bytes: number) => Buffer>> = {
  'empty arrays': rowOf(EMPTY),
  'empty objects': rowOf(Buffer.of(0x80)),
  'objects of one field': rowOf(fields(1, 'a')),
  'objects of two far indices': rowOf(SPARSE),
  'objects of one near index': rowOf(fields(1, '17')),
  'entries of two far indices': rowOf(
    ext(EXT_ENTRIES, Buffer.concat([Buffer.of(0x96, ...HALF_KEY, NIL), SPARSE.subarray(1)])),
  ),
  errors: rowOf(ext(EXT_ERROR, Buffer.of(0x92, 0xa0, 0xa0))),
  'errors of a far index': rowOf(INDEXED_ERROR),
  'empty Maps': rowOf(Buffer.of(0xd4, EXT_MAP, 0x90)),
  'Sets of one': rowOf(Buffer.of(0xc7, 2, EXT_SET, 0x91, 1)),
  'empty typed arrays': rowOf(Buffer.of(0xc7, 0, 16)),
  'typed arrays of one': rowOf(Buffer.of(0xd4, 16, 1)),
  'empty bins': rowOf(Buffer.of(0xc4, 0)),
  dates: rowOf(Buffer.of(0xd7, 2, 0, 0, 0, 0, 0, 0, 0, 0)),
  bigints: rowOf(Buffer.of(0xd4, EXT_BIGINT, 0x37)),
  'short strings': rowOf(text('é')),
  floats: rowOf(float(0.1)),
  'one long string': (bytes) => text('é'.repeat(bytes >> 1)),
  'one string of code units': (bytes) => ext(6, Buffer.alloc(bytes & ~1, 0xd8)),
  'one bigint': (bytes) => ext(EXT_BIGINT, Buffer.alloc(bytes, 0x66)),
  'one bin': (bytes) => ext(8, Buffer.alloc(bytes)),
  'arrays a thousand deep': rowOf(Buffer.concat([Buffer.alloc(998, 0x91), EMPTY])),
  'arrays too deep': (bytes) => Buffer.alloc(bytes, 0x91),
  'arrays that claim all that is left': (bytes) =>
    Buffer.concat(Array.from({ length: bytes / 5 }, (_, at) => header(0xdd, bytes - at * 5))),
  'names that are all different': objectOf((at) => `k${at.toString(36)}`),
  'one name again and again': objectOf(() => 'again'),
  'objects with a name each': arrayOf((at) => fields(1, `k${at.toString(36)}`)),
  'indices far apart': objectOf((at) => String(at * 100)),
  'objects of other indices each': arrayOf((at) => fields(1, String(100 + (at % 3000)))),
  'long names': objectOf((at) => LONG + at.toString(36).padStart(4, '0')),
  'a Set of long strings': setOf((at) => text(LONG + at.toString(36).padStart(4, '0'))),
  'a Set of a row': setOf((at) => float(at)),
  'a Set of colliding numbers': setOf(colliding),
  'a Set of colliding bigints': setOf((at) =>
    ext(EXT_BIGINT, Buffer.from(((BigInt(at) << 64n) + 5n).toString(16))),
  ),
  'a Set of indices as text': setOf((at) => text(String((at * 4096) % 9_999_999))),
  'a Set of short strings': setOf((at) => text(at.toString(36))),
  'a Set of NaN': setOf(() => float(Number.NaN)),
  'a trailing byte': (bytes) => Buffer.concat([rowOf(EMPTY)(bytes), Buffer.of(NIL)]),
};
