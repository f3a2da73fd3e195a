import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { describe, it } from 'node:test';
import { isCodecFailure } from '../../src/codec/codec-failure.ts';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { scan } from '../../src/codec/scan.ts';
import { CONTRACT_VALUES } from './contract-values.ts';
import { OPTIONS } from './cross.ts';

const MUTATIONS = 50_000;

const MALFORMED: readonly (readonly [title: string, bytes: readonly number[]])[] = [
  ['nothing', []],
  ['a trailing byte', [1, 1]],
  ['the unused tag', [0xc1]],
  ['float32, which is not written', [0xca, 0, 0, 0, 0]],
  ['64-bit integers, which are not written', [0xcf, 0, 0, 0, 0, 0, 0, 0, 1]],
  [
    "msgpackr's Error extension",
    [0xd4, 0x65, 0, 0x93, 0xa7, 0x76, 0x61, 0x6c, 0x75, 0x65, 0x4f, 0x66, 0xc0, 0xc0],
  ],
  ["msgpackr's records", [0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1]],
  ['an array that ends early', [0x92, 1]],
  ['an array that claims 4 billion items', [0xdd, 255, 255, 255, 255, 0]],
  ['a map with a number as key', [0x81, 1, 1]],
  ['a map with a UTF-16 key', [0x81, 0xc7, 2, 6, 0, 0xd8, 1]],
  ['a string that ends early', [0xa5, 0x61]],
  ['a string of broken UTF-8', [0xa1, 0xff]],
  ['an overlong character', [0xa2, 0xc0, 0x80]],
  ['an overlong character of three bytes', [0xa3, 0xe0, 0x80, 0x80]],
  ['an overlong character of four bytes', [0xa4, 0xf0, 0x80, 0x80, 0x80]],
  ['a surrogate in UTF-8', [0xa3, 0xed, 0xa0, 0x80]],
  ['a character past U+10FFFF', [0xa4, 0xf4, 0x90, 0x80, 0x80]],
  ['a character cut short', [0xa2, 0xe2, 0x82]],
  ['an undefined that is none', [0xd4, 0, 1]],
  ['a bigint without digits', [0xc7, 0, 1]],
  ['a bigint of a sign', [0xd4, 1, 0x2d]],
  ['a bigint of other characters', [0xc7, 3, 1, 0x31, 0x20, 0x32]],
  ['a date of four bytes', [0xc7, 4, 2, 0, 0, 0, 0]],
  ['a Map without an array', [0xd4, 3, 1]],
  ['a Map of an odd count', [0xc7, 2, 3, 0x91, 1]],
  ['a Map that runs over its end', [0xc7, 2, 3, 0x92, 1, 1]],
  ['a Map that leaves bytes over', [0xc7, 4, 3, 0x92, 1, 1, 1]],
  ['an Error without a message', [0xc7, 3, 5, 0x91, 0xa1, 0x61]],
  ['an Error whose message is a number', [0xc7, 4, 5, 0x92, 0xa1, 0x61, 1]],
  ['half a UTF-16 unit', [0xd4, 6, 1]],
  ['entries with a number as key', [0xc7, 3, 7, 0x92, 1, 1]],
  ['a typed array of half an element', [0xc7, 3, 18, 1, 2, 3]],
  ['an extension of no known type', [0xd4, 99, 0]],
  ['an extension past the typed arrays', [0xd4, 27, 0]],
];

describe('scan()', () => {
  for (const [title, bytes] of MALFORMED) {
    it(`refuses ${title}`, () => {
      assert.throws(() => scan(new Uint8Array(bytes)), isMalformed);
    });
  }

  it('refuses every encoding cut short, and so does the decoder', () => {
    for (const seed of seeds()) {
      for (let end = 0; end < seed.length; end += 1) {
        assert.throws(() => scan(seed, 0, end), isMalformed);
        assert.throws(() => decodeValue(seed, 0, end), isMalformed);
      }
    }
  });

  it('refuses a range outside of its bytes', () => {
    assert.throws(() => scan(new Uint8Array([1]), 0, 2), isMalformed);
    assert.throws(() => scan(new Uint8Array([1]), -1, 1), isMalformed);
    assert.throws(() => decodeValue(new Uint8Array([1]), 0, 2), isMalformed);
  });

  it('takes for UTF-8 what Node takes for it', () => {
    const random = seededRandom(7);
    const odd = [0x61, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf];
    const bytes = [...odd, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff];
    for (let round = 0; round < 20_000; round += 1) {
      const text = Array.from({ length: 1 + random(5) }, () => bytes[random(bytes.length)] ?? 0);
      const encoding = new Uint8Array([0xa0 + text.length, ...text]);
      assert.equal(passes(encoding), isUtf8(new Uint8Array(text)), text.join());
    }
  });

  it('of mutated bytes passes only what decodes, and can be encoded again', () => {
    const random = seededRandom(42);
    const all = seeds();
    let passed = 0;
    for (let round = 0; round < MUTATIONS; round += 1) {
      const bytes = mutate(all[random(all.length)] ?? new Uint8Array(1), random);
      if (!passes(bytes)) {
        decodesOrRefuses(bytes);
        continue;
      }
      passed += 1;
      scan(encodeValue(decodeValue(bytes), OPTIONS));
    }
    assert.ok(passed > MUTATIONS / 100, `${passed} passed`);
  });
});

function seeds(): Uint8Array[] {
  return CONTRACT_VALUES.map(([, value]) => encodeValue(value, OPTIONS)).filter(
    (bytes) => bytes.length < 400,
  );
}

function mutate(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = [...seed];
  for (let count = random(3); count >= 0; count -= 1) {
    const at = random(bytes.length);
    const byte = random(2) === 0 ? random(256) : 0xc0 + random(32);
    bytes.splice(at, random(2), ...(random(4) === 0 ? [] : [byte]));
  }
  return new Uint8Array(bytes);
}

function passes(bytes: Uint8Array): boolean {
  try {
    scan(bytes);
    return true;
  } catch (error) {
    assert.ok(isMalformed(error), String(error));
    return false;
  }
}

/** The decoder by itself is laxer than the scanner, but never fails in another way. */
function decodesOrRefuses(bytes: Uint8Array): void {
  try {
    decodeValue(bytes);
  } catch (error) {
    assert.ok(isMalformed(error), String(error));
  }
}

function isMalformed(error: unknown): boolean {
  return isCodecFailure(error) && error.kind === 'malformed';
}

/** xorshift32 (Marsaglia 2003): the same bytes in every run. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
