import { decodeValue } from './decode.ts';
import { LONGEST_HASHED, LongNames } from './long-names.ts';
import { malformed } from './reader.ts';
import { EXT_BIGINT, EXT_UTF16 } from './wire.ts';

/** Collections below this size are not worth a look: all their keys may collide. */
export const CHECKED_COLLECTION_SIZE = 256;

// Ordinary keys are compared with about two others each.
const MOST_COMPARISONS_PER_KEY = 64;

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Refuses the keys of one Map or Set that would make filling it quadratic. V8 hashes strings with a
 * secret seed but numbers and bigints without one: 40,000 bigints that differ above bit 64 alone took
 * 6 s to gather in a Set, and the time grows with the square of their number. The hashes here are V8's (`ComputeUnseededHash` and
 * `ComputeLongHash` in src/utils/utils.h), and so is the number of buckets.
 */
export class KeyCollisions {
  readonly #buckets: Uint32Array;
  readonly #mostComparisons: number;
  readonly #longNames = new LongNames();
  #comparisons = 0;

  constructor(size: number) {
    this.#buckets = new Uint32Array(2 ** (Math.ceil(Math.log2(size)) - 1));
    this.#mostComparisons = size * MOST_COMPARISONS_PER_KEY;
  }

  /** Counts the key whose scanned encoding goes from `start` to `end`. @throws CodecFailure */
  add(bytes: Uint8Array, start: number, end: number): void {
    if (!isNumeric(bytes, start)) {
      if (end - start > LONGEST_HASHED && isText(bytes, start)) this.#addLong(bytes, start, end);
      return;
    }
    const hash = numericHash(decodeValue(bytes, start, end) as number | bigint);
    const bucket = hash & (this.#buckets.length - 1);
    const load = this.#buckets[bucket] ?? 0;
    this.#buckets[bucket] = load + 1;
    this.#comparisons += load;
    if (this.#comparisons > this.#mostComparisons) {
      throw malformed('has a Map or Set of keys that collide');
    }
  }

  #addLong(bytes: Uint8Array, start: number, end: number): void {
    const text = decodeValue(bytes, start, end) as string;
    if (text.length > LONGEST_HASHED) this.#longNames.add(text);
  }
}

/** Whether an encoding is a number's or a bigint's. */
function isNumeric(bytes: Uint8Array, start: number): boolean {
  const tag = bytes[start] ?? 0;
  if (tag < 0x80 || tag >= 0xe0) return true;
  if (tag >= 0xca && tag <= 0xd3) return true;
  return extType(bytes, start) === EXT_BIGINT;
}

/** Whether an encoding of some length is a string's. */
function isText(bytes: Uint8Array, start: number): boolean {
  const tag = bytes[start] ?? 0;
  return tag === 0xda || tag === 0xdb || extType(bytes, start) === EXT_UTF16;
}

/** The type of an extension, undefined for an encoding of anything else. */
function extType(bytes: Uint8Array, start: number): number | undefined {
  const tag = bytes[start] ?? 0;
  const at = tag === 0xc7 ? 2 : tag === 0xc8 ? 3 : tag === 0xc9 ? 5 : tag >= 0xd4 ? 1 : 0;
  return tag <= 0xd8 && at > 0 ? bytes[start + at] : undefined;
}

/** V8's hash of a number or bigint as a key. */
export function numericHash(key: number | bigint): number {
  if (typeof key === 'bigint') return hash64(key < 0n ? -key : key);
  if ((key | 0) === key) return hash32(key);
  scratch.setFloat64(0, key);
  return hash64(scratch.getBigUint64(0));
}

function hash32(key: number): number {
  let hash = (~key + (key << 15)) | 0;
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) | 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  hash ^= hash >>> 16;
  return hash & 0x3fffffff;
}

function hash64(key: bigint): number {
  const low = BigInt.asUintN(64, key);
  let hash = BigInt.asUintN(64, ~low + (low << 18n));
  hash ^= hash >> 31n;
  hash = BigInt.asUintN(64, hash * 21n);
  hash ^= hash >> 11n;
  hash = BigInt.asUintN(64, hash + (hash << 6n));
  hash ^= hash >> 22n;
  return Number(hash & 0x3fffffffn);
}
