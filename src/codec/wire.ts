/**
 * What is ours in the encoding: everything else is standard msgpack (nil, bool, integers of up to
 * 32 bits, float64, str, bin for a Uint8Array, array, map for a plain object).
 *
 * Payloads of the extension types:
 * - `undefined`: one zero byte
 * - bigint: hexadecimal digits in ASCII, `-` in front of a negative one
 * - Date: milliseconds as a float64, NaN for an invalid date
 * - Map: one array of 2n values, key and value in turn
 * - Set: one array of its values
 * - ArrayBuffer and typed arrays: their bytes, elements little endian
 * - Error: one array `[name, message, …]`; of odd length when a cause follows, then key and value
 *   in turn
 * - UTF-16 text: code units, little endian, for strings that UTF-8 cannot hold (lone surrogates)
 * - entries: one array of 2n values, for an object that has such a string among its keys
 */
export const EXT_UNDEFINED = 0;
export const EXT_BIGINT = 1;
export const EXT_DATE = 2;
export const EXT_MAP = 3;
export const EXT_SET = 4;
export const EXT_ERROR = 5;
export const EXT_UTF16 = 6;
export const EXT_ENTRIES = 7;
export const EXT_ARRAY_BUFFER = 8;
/** Typed arrays have this type plus their place in `TYPED_ARRAY_NAMES`. */
export const EXT_TYPED_ARRAY = 16;

/** Deepest nesting of containers; the outermost one is at depth 1. */
export const MAX_DEPTH = 1000;
/**
 * Most objects (containers, Dates, buffers, bigints) in one value: two bytes of encoding can be 200
 * bytes of memory.
 */
export const MAX_OBJECTS = 1_000_000;
/** An Error counts as so many objects: making one takes 7 µs and 1 kB. */
export const ERROR_WEIGHT = 50;
/** Typed arrays beside Uint8Array, whose place here is part of the encoding. */
export const TYPED_ARRAY_NAMES = [
  'Int8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
] as const;
/** Bytes of one element, in the same order. */
export const TYPED_ARRAY_ELEMENT_BYTES = [1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2] as const;
