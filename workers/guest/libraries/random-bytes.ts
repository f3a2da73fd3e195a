import {
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetLength,
  Uint8ArrayConstructor,
} from '../../../src/codec/primordials.ts';
import { TypeErrorConstructor } from '../guest-primordials.ts';
import { takeSeed } from '../random-seed.ts';
import { BLOCK_WORDS, chachaBlock, KEY_WORDS, newWords } from './chacha20.ts';

const BLOCK_BYTES = 4 * BLOCK_WORDS;
const KEY_BYTES = 4 * KEY_WORDS;

const key = newWords(KEY_WORDS);
const nonce = newWords(3);
const block = newWords(BLOCK_WORDS);
// By the kept getter: a guest that has replaced it would be handed the words.
const keyBytes = new Uint8ArrayConstructor(TypedArrayPrototypeGetBuffer(key), 0, KEY_BYTES);
const blockBytes = new Uint8ArrayConstructor(TypedArrayPrototypeGetBuffer(block), 0, BLOCK_BYTES);
const seed = takeSeed();
// Zeros in its place would be a key that everybody knows.
if (TypedArrayPrototypeGetLength(seed) !== KEY_BYTES) {
  throw new TypeErrorConstructor('there is no randomness in this isolate');
}
for (let i = 0; i < KEY_BYTES; i += 1) keyBytes[i] = seed[i] as number;

/**
 * Fills the first `length` bytes of `target` with random ones. Before anything is handed out, half a
 * block becomes the next key ("fast key erasure", Bernstein 2017): what is given tells nothing of what
 * was given before, and a call that is cut off in here leaves nothing to be given twice.
 */
export function fillRandom(target: Uint8Array, length: number): void {
  const streamKey = newWords(KEY_WORDS);
  copyWords(streamKey, key, KEY_WORDS);
  chachaBlock(block, streamKey, 0, nonce);
  copyWords(key, block, KEY_WORDS);
  let filled = copyBytes(target, 0, length, KEY_BYTES);
  for (let counter = 1; filled < length; counter += 1) {
    chachaBlock(block, streamKey, counter, nonce);
    filled = copyBytes(target, filled, length, 0);
  }
}

function copyWords(target: Int32Array, source: Int32Array, count: number): void {
  for (let i = 0; i < count; i += 1) target[i] = source[i] as number;
}

function copyBytes(target: Uint8Array, start: number, end: number, from: number): number {
  let at = start;
  for (let i = from; i < BLOCK_BYTES && at < end; i += 1) {
    target[at] = blockBytes[i] as number;
    at += 1;
  }
  return at;
}
