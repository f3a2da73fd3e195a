import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isCodecFailure } from '../../src/codec/codec-failure.ts';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { scan } from '../../src/codec/scan.ts';
import { startArena } from './support.ts';

const arena = startArena();
const KIB = 1024;

const bytes = (...parts: (number | readonly number[])[]): Uint8Array =>
  new Uint8Array(parts.flat());
const times = (count: number, ...part: number[]): number[] =>
  Array.from({ length: count }, () => part).flat();
const u32 = (value: number): number[] =>
  [value >>> 24, value >>> 16, value >>> 8, value].map((byte) => byte & 255);

const REFUSED: Readonly<Record<string, Uint8Array>> = {
  "msgpackr's record extension": bytes(0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1),
  "msgpackr's error extension, which leads to its constructors": bytes(
    [0xd4, 0x65, 0x00, 0x93, 0xa7],
    [...Buffer.from('valueOf')],
    0xc0,
    0xc0,
  ),
  "msgpackr's structures, sets and bundled strings": bytes(0xd6, 0x73, 0, 0, 0, 0),
  'an extension of each unknown type': bytes(0xc7, 1, 99, 0),
  'a timestamp of msgpack': bytes(0xd6, 0xff, 0, 0, 0, 0),
  'a million arrays in each other': bytes(times(1_000_000, 0x91), 0xc0),
  'a million maps in each other': bytes(times(300_000, 0x81, 0xa1, 0x61), 0xc0),
  'Maps in each other': bytes(times(2000, 0xc7, 255, 3, 0x92), 0xc0),
  'a count of four billion items': bytes(0xdd, u32(0xffffffff), 1),
  'a count of four billion fields': bytes(0xdf, u32(0xffffffff), 0xa1, 0x61, 1),
  'a text of four billion bytes': bytes(0xdb, u32(0xffffffff), 0x61),
  'bytes of four billion': bytes(0xc6, u32(0xffffffff), 0),
  'an extension of four billion bytes': bytes(0xc9, u32(0xffffffff), 1, 0),
  'two million empty arrays': bytes(0xdd, u32(2_000_000), times(2_000_000, 0x90)),
  'thirty thousand errors': bytes(0xdd, u32(30_000), times(30_000, 0xc7, 3, 5, 0x92, 0xa0, 0xa0)),
  'a value and then another one': bytes(0xc0, 0xc0),
  nothing: bytes(),
};

const LARGE: Readonly<Record<string, (size: number) => Uint8Array>> = {
  'arrays side by side': (size) => bytes(0xdd, u32(size), times(size, 0x90)),
  'fields of one object': (size) => {
    const fields = Array.from({ length: size / 8 }, (_, n) => [
      0xa6,
      ...Buffer.from(String(n).padStart(6, '0')),
      1,
    ]);
    return bytes(0xdf, u32(fields.length), fields.flat());
  },
  'one text': (size) => bytes(0xdb, u32(size * 8), times(size * 8, 0x61)),
  'digits of a bigint': (size) =>
    encodeValue(BigInt(`0x${'f'.repeat(size / 64)}`), { root: '', maxBytes: 1e9 }),
  'a Map': (size) =>
    encodeValue(new Map(Array.from({ length: size / 8 }, (_, n) => [`k${n}`, n])), {
      root: '',
      maxBytes: 1e9,
    }),
  'entries that are refused at their end': (size) =>
    bytes(0xdd, u32(size), times(size - 1, 0x90), 0xc1),
};

describe('bytes that no encoder writes are refused before they are decoded:', () => {
  for (const [title, hostile] of Object.entries(REFUSED)) {
    test(title, () => {
      assert.throws(() => scan(hostile), isMalformed);
      // Nor does the decoder itself make anything of them, should it ever get them.
      try {
        const value: unknown = decodeValue(hostile, 0, hostile.byteLength);
        assert.ok(value === null || typeof value === 'object');
      } catch (error) {
        assert.ok(isMalformed(error), String(error));
      }
    });
  }
});

describe('to read sixteen times as many bytes takes about sixteen times as long:', () => {
  for (const [title, make] of Object.entries(LARGE)) {
    test(title, () => {
      const [small, large] = [make(64 * KIB), make(1024 * KIB)];
      readOnce(small);
      readOnce(large);
      const rounds = Array.from({ length: 9 }, () => [readOnce(small), readOnce(large)] as const);
      // The fastest of each: what else the machine does only adds.
      const [fast, slow] = [0, 1].map((at) => Math.min(...rounds.map((round) => round[at] ?? 0)));
      const ratio = (slow ?? 0) / (fast ?? 0);
      // Quadratic would be 256 and more; caches and collections make it some more than 16.
      assert.ok(ratio < 100, `${ratio}`);
    });
  }
});

describe('a guest that has replaced all it can sends nothing that is not checked:', () => {
  const TAMPERED: Readonly<Record<string, string>> = {
    'typed arrays': `const proto = Object.getPrototypeOf(Uint8Array).prototype;
      for (const key of ['set', 'subarray', 'slice', 'fill', 'copyWithin']) proto[key] = function () { globalThis.caught = this; return this; };
      for (const key of ['length', 'byteLength', 'buffer']) Object.defineProperty(proto, key, { __proto__: null, get() { globalThis.caught = this; return 2 ** 30; } });`,
    'array elements': `for (let n = 0; n < 64; n += 1) Object.defineProperty(Array.prototype, n, { __proto__: null, set(value) { globalThis.caught = [this, value]; }, get() { return 0xc1; } });`,
    'object fields': `for (const key of ['kind', 'id', 'body', 'bytes', 'next', 'length', 'buffer', 'position', 'end'])
      Object.defineProperty(Object.prototype, key, { __proto__: null, set(value) { globalThis.caught = [this, value]; }, get() { return 0xc1; }, configurable: true });`,
    numbers:
      'Number.prototype.valueOf = () => 0xc1; Math.min = Math.max = () => 2 ** 30; Number.isInteger = () => true;',
    texts:
      'String.prototype.charCodeAt = () => 0xd800; String.prototype.slice = () => "\\ud800"; Object.defineProperty(String.prototype, "at", { __proto__: null, get: () => () => 1 });',
  };
  for (const [title, tampering] of Object.entries(TAMPERED)) {
    test(title, async () => {
      const source = `${tampering}
        export default (value) => { const caught = typeof globalThis.caught; return { list: [1, 'two', { three: 3n }], value, caught }; };`;
      const { value, error } = await arena.attack({
        source,
        args: [{ a: 'ä\ud800', b: [0.5, -0] }],
      });
      assert.ifError(error);
      assert.deepEqual(value, {
        list: [1, 'two', { three: 3n }],
        value: { a: 'ä\ud800', b: [0.5, -0] },
        caught: 'undefined',
      });
    });
  }
});

function isMalformed(error: unknown): boolean {
  return isCodecFailure(error) && error.kind === 'malformed';
}

/** Scans and, if that is passed, decodes; gives the ms. */
function readOnce(encoding: Uint8Array): number {
  const began = performance.now();
  try {
    scan(encoding);
    decodeValue(encoding, 0, encoding.byteLength);
  } catch (error) {
    assert.ok(isMalformed(error), String(error));
  }
  return performance.now() - began;
}
