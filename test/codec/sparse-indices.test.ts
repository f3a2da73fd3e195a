import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { cross, OPTIONS } from './cross.ts';
import { liveBytes } from './fuzz/collect-garbage.ts';

const COUNT = 2000;
const MOST_BYTES_EACH = 2000;

describe('objects with few indices far apart', () => {
  const sparse: readonly (readonly [title: string, make: () => object])[] = [
    ['one index', () => ({ 1023: null })],
    ['indices that follow each other', () => ({ 1023: 1, 2575: 2, 3300: 3 })],
    ['indices beside names', () => ({ a: 1, 900: 2, b: 3 })],
    ['keys with lone surrogates', () => ({ 1023: 1, 2575: 2, '\ud800': 3 })],
    ['fields of an error', () => Object.assign(new Error('e'), { 1023: 1, 2575: 2 })],
  ];
  for (const [title, make] of sparse) {
    it(`take memory for those alone: ${title}`, () => {
      const bytes = encodeValue(Array.from({ length: COUNT }, make), OPTIONS);
      const before = liveBytes();
      const decoded = [decodeValue(bytes)];
      const each = (liveBytes() - before) / COUNT;
      assert.ok(each < MOST_BYTES_EACH, `${each} bytes each`);
      assert.deepEqual((decoded[0] as unknown[])[COUNT - 1], make());
    });
  }

  it('arrive as they were, whatever the order of their keys', () => {
    const value = {
      5: 'a',
      4999: 'b',
      300: 'c',
      name: 'd',
      4294967294: 'e',
      '0300': 'f',
      '-1': 'g',
    };
    assert.deepStrictEqual(cross(value), value);
    assert.deepStrictEqual(Object.keys(cross(value) as object), Object.keys(value));
    assert.ok(Object.hasOwn(cross({ 4294967294: 1, 99: 2 }) as object, '4294967294'));
  });
});

describe('objects with many indices', () => {
  it('arrive as they were', () => {
    for (const step of [1, 2, 7, 1000]) {
      const entries = Array.from({ length: 3000 }, (_, at) => [at * step, at] as const);
      const value = Object.fromEntries(entries);
      assert.deepStrictEqual(cross(value), value);
    }
  });
});
