import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { decodeValue, decodeWeighed } from '../../src/codec/decode.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { scan } from '../../src/codec/scan.ts';
import { MAX_WEIGHT } from '../../src/codec/wire.ts';
import { OPTIONS } from './cross.ts';
import { liveBytes } from './fuzz/collect-garbage.ts';

const MAX_BYTES = 8 * 2 ** 20;
const MAX_MEMORY = 256 * 2 ** 20;

setFlagsFromString('--allow-natives-syntax');
const hasShape = new Function('object', 'return %HasFastProperties(object)') as (
  object: unknown,
) => boolean;

/** Rows of `count` keys of its own each. */
function distinctRows(rows: number, count: number): Record<string, number>[] {
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`${'abcdefgh'[at]}${row}`, at])),
  );
}

describe('what a value of 8 MiB takes when it is decoded', () => {
  const kinds: Record<
    string,
    readonly (readonly [make: (at: number) => unknown, weight: number])[]
  > = {
    'empty objects': [[() => ({}), 192]],
    'objects of a key of their own': [[(at) => ({ [`k${at.toString(36)}`]: 0 }), 272]],
    'objects of one index': [[() => ({ 5: 0 }), 272]],
    'objects of an index far away': [[() => ({ 2000: 0 }), 272]],
    'objects of 22 keys': [
      [() => Object.fromEntries(Array.from('abcdefghijklmnopqrstuv', (key) => [key, 0])), 1952],
    ],
    Sets: [[() => new Set(), 192]],
    'Sets of 9': [[() => new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]), 624]],
    Maps: [[() => new Map(), 224]],
    'typed arrays': [[() => new Uint8Array(1), 512]],
    errors: [[() => new Error(''), 8192]],
  };
  for (const [title, [[make, weight] = [() => 0, 1]]] of Object.entries(kinds)) {
    it(`is at most 256 MiB: ${title}`, () => {
      const bytes = encodeUpTo(make, weight);
      scan(bytes);
      const before = liveBytes();
      const decoded = decodeValue(bytes);
      const taken = liveBytes() - before;
      assert.ok(taken <= MAX_MEMORY, `${taken} bytes for ${bytes.length}`);
      assert.ok(Array.isArray(decoded));
    });
  }

  /** As many as weigh no more and fit into two thirds of 8 MiB, and short strings in the rest. */
  function encodeUpTo(make: (at: number) => unknown, weight: number): Uint8Array {
    const size = encodeValue(make(99_999), OPTIONS).length;
    const most = Math.min((MAX_WEIGHT - 112) / weight, (MAX_BYTES * 2) / 3 / size);
    const items = Array.from({ length: Math.floor(most) }, (_, at) => make(at));
    const left = Math.floor((MAX_BYTES - items.length * size) / 3) - 9;
    for (let at = 0; at < left; at += 1) items.push('ab');
    return encodeValue(items, { root: 'result', maxBytes: MAX_BYTES });
  }
});

describe('objects with ever new keys, or orders of keys', () => {
  it('get no hidden classes from some number on, and arrive as they were', () => {
    const rows = distinctRows(2000, 4);
    const decoded = decodeValue(encodeValue(rows, OPTIONS)) as object[];
    assert.deepStrictEqual(decoded, rows);
    assert.equal(decoded.slice(0, 50).every(hasShape), true);
    assert.equal(decoded.slice(-1000).some(hasShape), false);
    assert.deepEqual(Object.keys(decoded[1999] ?? {}), Object.keys(rows[1999] ?? {}));
    assert.deepEqual(Object.getOwnPropertySymbols(decoded[1999]), []);
  });

  it('the same behind keys that all of them have', () => {
    const rows = distinctRows(4000, 1).map((row) => ({ id: 1, 7: 2, name: 'x', ...row, last: 3 }));
    const decoded = decodeValue(encodeValue(rows, OPTIONS)) as object[];
    assert.deepStrictEqual(decoded, rows);
    assert.equal(decoded.slice(-1000).some(hasShape), false);
    assert.deepEqual(Object.keys(decoded[3999] ?? {}), Object.keys(rows[3999] ?? {}));
  });

  it('leave those of the usual kind as they are: 100 kinds of rows, and keys of any length', () => {
    const rows = Array.from({ length: 5000 }, (_, at) => ({
      id: at,
      [`kind${at % 100}`]: 1,
      ['a name that is longer than those which are kept']: 2,
      value: at / 7,
    }));
    const decoded = decodeValue(encodeValue(rows, OPTIONS)) as object[];
    assert.deepStrictEqual(decoded, rows);
    assert.equal(decoded.every(hasShape), true);
  });
});

describe('the weight that a decoded value has', () => {
  it('is near what it takes, and not below', () => {
    const values: readonly unknown[] = [
      Array.from({ length: 50_000 }, (_, at) => ({ id: at, name: `name ${at}`, tags: [1, 2] })),
      distinctRows(20_000, 8),
      Array.from({ length: 50_000 }, () => new Set([1])),
      Array.from({ length: 50_000 }, (_, at) => [at / 7, 'ab']),
      new Uint8Array(1_000_000),
    ];
    const encodings = values.map((value) => encodeValue(value, OPTIONS));
    // What tests before this have left takes more than one round.
    liveBytes();
    // Nothing of one round may become garbage in the next one.
    const kept: unknown[] = [];
    for (const [index, bytes] of encodings.entries()) {
      const before = liveBytes();
      const weighed = decodeWeighed(bytes, 0, bytes.length);
      kept.push(weighed.value);
      const taken = liveBytes() - before;
      const shown = `value ${index} weighs ${weighed.weight} and takes ${taken}`;
      assert.ok(weighed.weight >= taken * 0.95 && weighed.weight < taken * 4, shown);
    }
    assert.equal(kept.length, values.length);
  });
});
