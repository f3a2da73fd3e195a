import { defineOwn } from './own-property.ts';
import { StringPrototypeCharCodeAt } from './primordials.ts';

// As far as here V8 gives an object room for all indices up to its highest one, at eight bytes each:
// `{"1023": null, "2575": null}`, which takes 13 bytes, took 31 kB, and a result of 8 MB the host.
const MOST_DIGITS = 4;
// From an index of this size on an object never gets such room again, also when that one is gone.
const FAR_INDEX = '4294967294';

/** From which index on a key makes an object of `count` properties sparse. */
export function firstSparseIndex(count: number): number {
  return count * 2 + 16;
}

/**
 * To be called before `object` gets the property `key`: sees to it that one with few indices takes
 * memory for those alone. Returns the bound for the next key.
 */
export function keepSparse(object: object, key: string, firstSparse: number): number {
  if (!(smallIndex(key) >= firstSparse)) return firstSparse;
  defineOwn(object, FAR_INDEX, undefined, true);
  delete (object as Record<string, unknown>)[FAR_INDEX];
  return Infinity;
}

/** The index that a key is, -1 for a key that is none or is too large to matter. */
function smallIndex(key: string): number {
  if (key.length === 0 || key.length > MOST_DIGITS) return -1;
  let index = 0;
  for (let at = 0; at < key.length; at += 1) {
    const digit = StringPrototypeCharCodeAt(key, at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    index = index * 10 + digit;
  }
  return index;
}
