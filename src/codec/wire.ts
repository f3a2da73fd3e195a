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
 * What the objects of one value may weigh: two bytes of encoding can be 500 bytes of memory. A weight
 * is how many bytes one takes at most, measured with what the allocator adds, or for one that is slow
 * to make 400 for each µs. With the numbers and strings that have room beside them (at most 11 bytes of
 * memory for one of encoding), no value of 8 MiB takes more than 256 MiB.
 */
export const MAX_WEIGHT = 192 * 1024 * 1024;
/** One object of its kind and one item in it; plain objects take most when V8 keeps them as tables. */
export const OBJECT_WEIGHT = 192;
export const PROPERTY_WEIGHT = 80;
export const ARRAY_WEIGHT = 112;
export const SET_WEIGHT = 192;
export const SET_ITEM_WEIGHT = 48;
export const MAP_WEIGHT = 224;
/** A key or a value. */
export const MAP_ITEM_WEIGHT = 32;
export const DATE_WEIGHT = 128;
export const BIGINT_WEIGHT = 96;
/** An ArrayBuffer, or a typed array with its own. */
export const BINARY_WEIGHT = 512;
export const ERROR_WEIGHT = 8192;
/** A property that has to be defined: of an error, or of an object that is written as entries. */
export const FIELD_WEIGHT = 512;
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
