/** ChaCha20 (RFC 8439), of which random numbers are made. Memory is words that no guest can get at. */
import { ArrayBufferConstructor } from '../../../src/codec/primordials.ts';
import { Int32ArrayConstructor } from '../guest-primordials.ts';

export const BLOCK_WORDS = 16;
export const KEY_WORDS = 8;
const FIRST_KEY_WORD = 4;
const COUNTER_WORD = 12;
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
const DOUBLE_ROUNDS = 10;

export function newWords(count: number): Int32Array {
  return new Int32ArrayConstructor(new ArrayBufferConstructor(4 * count), 0, count);
}

/** The block function of section 2.3. `nonce` has three words; the block is written to `block`. */
export function chachaBlock(
  block: Int32Array,
  key: Int32Array,
  counter: number,
  nonce: Int32Array,
): void {
  const state = newWords(BLOCK_WORDS);
  for (let i = 0; i < FIRST_KEY_WORD; i += 1) state[i] = CONSTANTS[i] as number;
  for (let i = 0; i < KEY_WORDS; i += 1) state[FIRST_KEY_WORD + i] = key[i] as number;
  state[COUNTER_WORD] = counter;
  for (let i = 0; i < 3; i += 1) state[COUNTER_WORD + 1 + i] = nonce[i] as number;
  for (let i = 0; i < BLOCK_WORDS; i += 1) block[i] = state[i] as number;
  for (let round = 0; round < DOUBLE_ROUNDS; round += 1) doubleRound(block);
  for (let i = 0; i < BLOCK_WORDS; i += 1) block[i] = (block[i] as number) + (state[i] as number);
}

function doubleRound(words: Int32Array): void {
  quarterRound(words, 0, 4, 8, 12);
  quarterRound(words, 1, 5, 9, 13);
  quarterRound(words, 2, 6, 10, 14);
  quarterRound(words, 3, 7, 11, 15);
  quarterRound(words, 0, 5, 10, 15);
  quarterRound(words, 1, 6, 11, 12);
  quarterRound(words, 2, 7, 8, 13);
  quarterRound(words, 3, 4, 9, 14);
}

function quarterRound(words: Int32Array, a: number, b: number, c: number, d: number): void {
  mix(words, a, b, d, 16);
  mix(words, c, d, b, 12);
  mix(words, a, b, d, 8);
  mix(words, c, d, b, 7);
}

/** `a += b; d ^= a; d <<<= bits` */
function mix(words: Int32Array, a: number, b: number, d: number, bits: number): void {
  const sum = ((words[a] as number) + (words[b] as number)) | 0;
  const crossed = (words[d] as number) ^ sum;
  words[a] = sum;
  words[d] = (crossed << bits) | (crossed >>> (32 - bits));
}
