import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { format } from 'node:util';
import { formatLog } from '../../workers/guest/inspect-value.ts';

class User {
  name = 'a';
  deep = { b: { c: { d: 1 } } };
}
const cyclic: Record<string, unknown> = { a: 1 };
cyclic.self = cyclic;

const LIKE_NODE: readonly (readonly unknown[])[] = [
  [],
  ['text', 1, 'it is', true, null, undefined],
  ['%s is %d years, %i whole, %f exact, %% and %x', 'Ann', 42, '12.9', '1.5', 'rest', 7],
  ['%s %s', 'only one'],
  ['100%', 1],
  ['%c styled', 'color: red'],
  ['%j', { a: [1, 'b'] }],
  ['%d %i %s', 5n, 6n, 7n],
  [-0, Number.NaN, 5n, Symbol('s')],
  [{ a: 1, 'odd key': "it's", b: [1, [2]] }],
  [new User()],
  [new Map([['a', { b: 1 }]]), new Set([1, 'x'])],
  [new Uint8Array(3), new Date(0), new Date(Number.NaN), /a"b/gi],
  [
    Object.create(null),
    () => 1,
    function named() {
      return 1;
    },
  ],
  [[]],
  [{}],
  [{ a: { b: { c: { d: 1 } } } }],
];

describe("the text of a guest's console.log()", () => {
  for (const args of LIKE_NODE) {
    const expected = format(...args);
    it(`is Node's: ${expected}`, () => {
      assert.equal(formatLog(args), expected);
    });
  }

  it('shows cycles, getters without calling them, and holes', () => {
    const holey: unknown[] = [];
    holey[1] = 2;
    const value = {
      cyclic,
      holey,
      get now(): number {
        throw new Error('called');
      },
    };
    assert.equal(
      formatLog([value]),
      '{\n  cyclic: { a: 1, self: [Circular] },\n  holey: [ <empty>, 2 ],\n  now: [Getter]\n}',
    );
  });

  it('shows errors by their stack, with fields and cause', () => {
    const error = Object.assign(new TypeError('bad', { cause: new Error('why') }), { code: 'E' });
    error.stack = 'TypeError: bad\n    at f (f.js:1:1)';
    (error.cause as Error).stack = 'Error: why';
    assert.equal(
      formatLog([error]),
      "TypeError: bad\n    at f (f.js:1:1) { code: 'E' }\n[cause]: Error: why",
    );
  });

  it('breaks long objects into lines and shows 100 elements of a list', () => {
    const text = formatLog([{ list: Array(200).fill(7), word: 'x'.repeat(60) }]);
    assert.match(text, /^\{\n {2}list: \[\n {4}7, 7, /);
    assert.match(text, /7, \.\.\. 100 more items\n {2}\],\n {2}word: 'x+'\n\}$/);
  });

  it('is never longer than 10,000 characters', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [`k${i}`, ['x'.repeat(500)]]),
    );
    let deep: unknown[] = [];
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    const endless: object = new Proxy(
      {},
      {
        ownKeys: () => Array.from({ length: 200 }, (_, i) => `k${i}`),
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: endless }),
      },
    );
    const chain = new Error('e');
    chain.cause = chain;
    for (const args of [
      [wide],
      ['x'.repeat(1e6)],
      [deep],
      [endless],
      ['%s'.repeat(9000), ...Array(9000).fill('long text')],
      [wide, wide],
      [chain],
      Array(9000).fill({}),
    ]) {
      assert.ok(formatLog(args).length <= 10_000);
    }
  });

  it('lets through what a proxy throws', () => {
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new RangeError('mine');
        },
      },
    );
    assert.throws(() => formatLog([proxy]), { message: 'mine' });
  });
});
