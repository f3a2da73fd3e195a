import { defineOwn } from './own-property.ts';
import { StringPrototypeCharCodeAt } from './primordials.ts';

// As far as here V8 gives an object room for all indices up to its highest one, at eight bytes each:
// `{"1023": null, "2575": null}`, which takes 13 bytes, took 31 kB, and a result of 8 MB the host.
const MOST_DIGITS = 4;
// Of ten digits some are indices; to take none of them for one costs memory only.
const MOST_INDEX_DIGITS = 9;
// From an index of this size on an object never gets such room again, also when that one is gone.
const FAR_INDEX = '4294967294';

/**
 * From which index on a key makes an object of `count` properties sparse. The room that V8 gives an
 * object below that is within what its properties weigh.
 */
export function firstSparseIndex(count: number): number {
  return count * 2 + 4;
}

/** Whether V8 keeps what an object has under this key apart from its named properties. */
export function isIndex(key: string): boolean {
  if (key.length === 0 || key.length > MOST_INDEX_DIGITS || !areDigits(key)) return false;
  return key.length === 1 || StringPrototypeCharCodeAt(key, 0) !== 0x30;
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
  if (key.length === 0 || key.length > MOST_DIGITS || !areDigits(key)) return -1;
  let index = 0;
  for (let at = 0; at < key.length; at += 1) {
    index = index * 10 + StringPrototypeCharCodeAt(key, at) - 0x30;
  }
  return index;
}

function areDigits(key: string): boolean {
  for (let at = 0; at < key.length; at += 1) {
    const unit = StringPrototypeCharCodeAt(key, at);
    if (!(unit >= 0x30 && unit <= 0x39)) return false;
  }
  return true;
}
