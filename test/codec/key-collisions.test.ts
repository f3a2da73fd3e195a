import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeValue } from '../../src/codec/encode.ts';
import { numericHash } from '../../src/codec/key-collisions.ts';
import { scan } from '../../src/codec/scan.ts';
import { OPTIONS } from './cross.ts';

const COUNT = 5000;

describe('Maps and Sets with keys of one hash', () => {
  const colliding: readonly (readonly [title: string, keys: readonly unknown[]])[] = [
    ['bigints that differ above bit 64', many((index) => (BigInt(index) << 64n) + 5n)],
    ['integers', search((index) => index)],
    ['fractions', search((index) => index + 0.5)],
  ];
  for (const [title, keys] of colliding) {
    it(`are refused by the scanner: ${title}`, () => {
      const message = /keys that collide/;
      assert.throws(() => scan(encodeValue(new Set(keys), OPTIONS)), { message });
      const map = new Map(keys.map((key) => [key, null]));
      assert.throws(() => scan(encodeValue([map], OPTIONS)), { message });
    });
  }

  it('pass when they are few', () => {
    scan(encodeValue(new Set(colliding[0]?.[1].slice(0, 200)), OPTIONS));
  });
});

describe('large Maps and Sets with ordinary keys', () => {
  const ordinary: readonly (readonly [title: string, make: (index: number) => unknown])[] = [
    ['a row of integers', (index) => index],
    ['multiples', (index) => index * 4096],
    ['negative integers', (index) => -index],
    ['identifiers beyond 32 bits', (index) => 2 ** 40 + index],
    ['fractions', (index) => index / 8],
    ['times', (index) => 1.7e12 + index * 60_000],
    ['bigints', (index) => BigInt(index)],
    ['large bigints', (index) => 3n ** 70n + BigInt(index) * 1_000_003n],
    ['text', (index) => `key ${index}`],
    [
      'keys of all kinds',
      (index) => [index, `${index}`, [index], null, new Map([[1, 2]])][index % 5],
    ],
  ];
  for (const [title, make] of ordinary) {
    it(`pass: ${title}`, () => scan(encodeValue(new Set(many(make, 100_000)), OPTIONS)));
  }
});

function many(make: (index: number) => unknown, count = COUNT): unknown[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Keys that fall into one bucket of a table of this size. */
function search(make: (index: number) => number): number[] {
  const keys: number[] = [];
  for (let index = 0; keys.length < 1000; index += 1) {
    const key = make(index);
    if ((numericHash(key) & 0x1ff) === 0) keys.push(key);
  }
  return keys;
}
