import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { structuredClone as guestClone } from '../../workers/guest/structured-clone.ts';

class Point {
  x = 1;
  get length() {
    return 1;
  }
}

const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
const holey: unknown[] = [1];
holey[3] = { a: 1 };

const VALUES: readonly (readonly [title: string, value: unknown])[] = [
  ['primitives', [null, undefined, true, -0, Number.NaN, 'text', '\ud800', 12n]],
  ['nested objects', { a: [{ b: { c: 1 } }], 'odd key': 2, toString: 3 }],
  ['holes and other keys of arrays', [holey, Object.assign([1, 2], { extra: 1 })]],
  ['Maps and Sets', new Map<unknown, unknown>([[{ k: 1 }, new Set([[1], new Map()])]])],
  ['dates', [new Date(5), new Date(Number.NaN)]],
  ['regular expressions', [/a"\/b/dgimsuy, /[a]/v]],
  [
    'buffers and views',
    [buffer, new Uint16Array(buffer, 2, 2), new Uint8Array(buffer), new DataView(buffer, 1, 3)],
  ],
  [
    'other typed arrays',
    [new Float16Array([1.5]), new BigInt64Array([-1n]), new Uint8ClampedArray(2)],
  ],
  ['boxed primitives', [Object(1), Object('s'), Object(false), Object(2n)]],
  ['instances of classes', [new Point(), new (class extends Map<number, number> {})([[1, 2]])]],
  [
    'errors',
    [
      new RangeError('r', { cause: new Error('c') }),
      Object.assign(new Error('e'), { name: 'Odd', code: 1 }),
    ],
  ],
  ['__proto__ as an own key', JSON.parse('{"__proto__": {"a": 1}}')],
];

describe("the guest's structuredClone()", () => {
  for (const [title, value] of VALUES) {
    it(`clones ${title} as Node does`, () => {
      assert.deepStrictEqual(guestClone(value), structuredClone(value));
    });
  }

  it('keeps identity and closes cycles', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { first: shared, second: shared, map: new Map() };
    value.self = value;
    (value.map as Map<unknown, unknown>).set(value, value);
    const copy = guestClone(value) as typeof value;
    assert.notEqual(copy, value);
    assert.equal(copy.self, copy);
    assert.equal(copy.first, copy.second);
    assert.notEqual(copy.first, shared);
    assert.equal((copy.map as Map<unknown, unknown>).get(copy), copy);
  });

  it('lets views of one buffer share one buffer', () => {
    const [first, second] = guestClone([new Uint8Array(buffer), new Int16Array(buffer)]) as [
      Uint8Array,
      Int16Array,
    ];
    assert.equal(first.buffer, second.buffer);
    assert.notEqual(first.buffer, buffer);
  });

  it('throws a DataCloneError for what cannot be cloned', () => {
    const detached = new ArrayBuffer(1);
    structuredClone(detached, { transfer: [detached] });
    const uncloneable = [
      () => 1,
      Symbol('s'),
      Object(Symbol('s')),
      Promise.resolve(),
      new WeakMap(),
      new WeakRef({}),
      detached,
    ];
    for (const value of uncloneable)
      assert.throws(() => guestClone({ value }), { name: 'DataCloneError' });
  });

  it('takes no transfer list but an empty one', () => {
    assert.throws(() => guestClone(1, { transfer: [new ArrayBuffer(1)] }), {
      name: 'DataCloneError',
    });
    assert.equal(guestClone(1, { transfer: [] }), 1);
    assert.equal(guestClone(1, {}), 1);
  });
});
