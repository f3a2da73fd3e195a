import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeValue } from '../../src/codec/encode.ts';
import { scan } from '../../src/codec/scan.ts';
import { OPTIONS } from './cross.ts';

// One more than V8 hashes, and than the scanner takes of one length.
const LENGTH = 16_384;
const COUNT = 257;

describe('keys that V8 hashes by their length alone', () => {
  const names = texts(COUNT, () => LENGTH);
  const half = names.map((name) => `\ud800${name.slice(1)}`);
  const refused: readonly (readonly [title: string, value: unknown])[] = [
    ['names of an object', objectOf(names)],
    ['names of objects beside each other', names.map((name) => ({ [name]: null }))],
    ['names with lone surrogates', objectOf(half)],
    ['fields of an error', Object.assign(new Error('e'), objectOf(names))],
    ['elements of a Set', new Set(names)],
    ['keys of a Map', new Map(half.map((name) => [name, null]))],
    // As many characters each, but not as many bytes.
    [
      'names of other alphabets',
      objectOf(names.map((name, at) => name.replace('x', 'xé'[at % 2] ?? ''))),
    ],
  ];
  for (const [title, value] of refused) {
    it(`are refused by the scanner when there are many of one length: ${title}`, () => {
      assert.throws(() => scan(encodeValue(value, OPTIONS)), {
        message: /long keys of one length/,
      });
    });
  }

  it('pass when they are few', () => {
    scan(encodeValue([objectOf(names.slice(1)), new Set(names.slice(1))], OPTIONS));
  });

  it('pass when they are of many lengths', () => {
    const lengths = texts(COUNT, (at) => LENGTH + at);
    scan(encodeValue([objectOf(lengths), new Set(lengths)], OPTIONS));
  });

  it('pass as values', () => scan(encodeValue([names, new Map(names.entries())], OPTIONS)));
});

function texts(count: number, length: (index: number) => number): string[] {
  return Array.from({ length: count }, (_, index) => String(index).padStart(length(index), 'x'));
}

function objectOf(names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, null]));
}
