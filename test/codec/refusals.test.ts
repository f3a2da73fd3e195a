import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CodecFailure, isCodecFailure } from '../../src/codec/codec-failure.ts';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeArguments, encodeInto, encodeValue } from '../../src/codec/encode.ts';
import { failureError, translateFailure } from '../../src/codec/failures.ts';
import { scan } from '../../src/codec/scan.ts';
import { MAX_DEPTH, MAX_WEIGHT } from '../../src/codec/wire.ts';
import { OPTIONS } from './cross.ts';

class User {
  name = 'a';
}
class Bag extends Map {}
class Vector extends Float32Array {}
class List extends Array {}

const REFUSED: readonly (readonly [value: unknown, message: RegExp])[] = [
  [{ user: { onSave: () => 1 } }, /^args\[0\]\.user\.onSave is a function/],
  [[Symbol('s')], /^args\[0\]\[0\] is a symbol/],
  [{ 'odd key': [1, new User()] }, /^args\[0\]\["odd key"\]\[1\] is an instance of User/],
  [{ p: Promise.resolve(1) }, /^args\[0\]\.p is a Promise; await it first/],
  [new Bag(), /^args\[0\] is an instance of Bag/],
  [new (class extends Set {})(), /^args\[0\] is an instance of a class/],
  [new (class Day extends Date {})(), /^args\[0\] is an instance of Day/],
  [new Vector(1), /^args\[0\] is an instance of Vector/],
  [new List(), /^args\[0\] is an instance of List/],
  [new WeakMap(), /is an instance of WeakMap/],
  [/x/, /is an instance of RegExp/],
  [new DataView(new ArrayBuffer(1)), /is an instance of DataView/],
  [new SharedArrayBuffer(1), /is an instance of SharedArrayBuffer/],
  [Object(1), /is an instance of Number/],
  [Object.create(Map.prototype), /is an instance of Map/],
  [
    new Map([['k', new Map([[User, 1]])]]),
    /^args\[0\]\.values\(\)\[0\]\.keys\(\)\[0\] is a function/,
  ],
  [new Set([1, User]), /^args\[0\]\.values\(\)\[1\] is a function/],
  [new Error('e', { cause: User }), /^args\[0\]\.cause is a function/],
  [Object.assign(new Error('e'), { user: new User() }), /^args\[0\]\.user is an instance of User/],
];

describe('values that cannot cross', () => {
  for (const [value, message] of REFUSED) {
    it(`are refused with their path: ${message.source}`, () => {
      const failure = failureOf(() => encodeArguments([value], { maxBytes: 1e6 }));
      assert.equal(failure.kind, 'unsupported');
      assert.match(failure.message, message);
    });
  }

  it('a cycle is named by both of its ends', () => {
    const user: Record<string, unknown> = { name: 'x'.repeat(1000) };
    user.friends = [{ of: user }];
    for (const maxBytes of [1e7, 10_000]) {
      const failure = failureOf(() => encodeArguments([user], { maxBytes }));
      assert.equal(failure.kind, 'unsupported');
      assert.match(
        failure.message,
        /^args\[0\]\.friends\[0\]\.of is a cycle: it contains args\[0\];/,
      );
    }
  });

  it('a detached buffer is refused', () => {
    const buffer = new ArrayBuffer(8);
    const view = new Int16Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    assert.match(
      failureOf(() => encodeValue({ buffer }, OPTIONS)).message,
      /^result\.buffer is detached/,
    );
    assert.match(failureOf(() => encodeValue([view], OPTIONS)).message, /^result\[0\] is detached/);
  });

  it('what a getter throws passes through, and the encoder works on', () => {
    const thrown = new Error('mine');
    const value = {
      get a() {
        throw thrown;
      },
    };
    assert.throws(
      () => encodeValue([value], OPTIONS),
      (error) => error === thrown,
    );
    assert.deepEqual([...encodeValue([1], OPTIONS)], [0x91, 1]);
  });

  it('a getter may encode in between', () => {
    const value = {
      get inner() {
        return [...encodeValue({ deep: [1] }, OPTIONS)];
      },
      after: 2,
    };
    const plain = { inner: [...encodeValue({ deep: [1] }, OPTIONS)], after: 2 };
    assert.deepEqual(encodeValue(value, OPTIONS), encodeValue(plain, OPTIONS));
  });

  it('proxies do as their traps say', () => {
    const endless = new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 32 - 1 : 1) });
    assert.equal(failureOf(() => encodeValue(endless, OPTIONS)).kind, 'too-large');
    const odd = new Proxy([], { get: () => 'many' });
    assert.equal(failureOf(() => encodeValue(odd, OPTIONS)).kind, 'unsupported');
    const nested: object = new Proxy(
      {},
      {
        ownKeys: () => ['again'],
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
        get: () => nested,
      },
    );
    assert.match(failureOf(() => encodeValue(nested, OPTIONS)).message, /is a cycle/);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    assert.throws(() => encodeValue(proxy, OPTIONS), TypeError);
  });
});

describe('values that are too large', () => {
  it('maxBytes is exact', () => {
    for (const value of [
      'x'.repeat(300),
      'é'.repeat(300),
      [1.5, { a: 'b' }],
      new Map([[1, new Uint8Array(9)]]),
    ]) {
      const { length } = encodeValue(value, OPTIONS);
      assert.equal(encodeValue(value, { root: 'result', maxBytes: length }).length, length);
      const failure = failureOf(() => encodeValue(value, { root: 'result', maxBytes: length - 1 }));
      assert.equal(failure.kind, 'too-large');
      assert.match(failure.message, new RegExp(`^result is over the limit of ${length - 1} bytes`));
    }
  });

  it('nesting ends at the same depth for encoder and scanner', () => {
    scan(encodeValue(nest(MAX_DEPTH), OPTIONS));
    assert.match(
      failureOf(() => encodeValue(nest(MAX_DEPTH + 1), OPTIONS)).message,
      /deeper than 1000/,
    );
    const bytes = new Uint8Array(MAX_DEPTH + 1).fill(0x91);
    assert.match(failureOf(() => scan(new Uint8Array([...bytes, 0xc0]))).message, /too deep/);
  });

  it('objects weigh alike for encoder, scanner and decoder', () => {
    const cases: readonly (readonly [make: () => unknown, weight: number])[] = [
      [() => ({}), 192],
      [() => ({ a: 1, b: 2, 3: 4 }), 192 + 3 * 80],
      [() => ({ a: 1, '\ud800': 2 }), 192 + 2 * 512],
      [() => [0], 112],
      [() => new Set([1, 2]), 192 + 2 * 48],
      [() => new Map([[1, 2]]), 224 + 2 * 32],
      [() => new Date(0), 128],
      [() => 1n, 96],
      [() => new ArrayBuffer(1), 512],
      [() => new Uint8Array(1), 512],
      [() => new Int16Array(1), 512],
      [() => new Error('e'), 8192],
      [() => Object.assign(new Error('e', { cause: 1 }), { a: 1 }), 8192 + 512],
    ];
    // Errors take up all but what two of them weigh: many of the others would take long.
    const errors = Array.from<unknown>({ length: MAX_WEIGHT / 8192 - 2 }).fill(new Error());
    for (const [make, weight] of cases) {
      const most = Math.floor((2 * 8192 - 112) / weight);
      const items = [...errors, ...Array.from({ length: most }, make)];
      const bytes = encodeValue(items, OPTIONS);
      scan(bytes);
      decodeValue(bytes);
      items.push(make());
      const failure = failureOf(() => encodeValue(items, OPTIONS));
      assert.equal(failure.kind, 'too-large');
      assert.match(failure.message, /^result has too many objects: they would take/);
      const more = Buffer.concat([bytes, encodeValue(make(), OPTIONS)]);
      more.writeUInt16BE(items.length, 1);
      for (const read of [scan, decodeValue]) {
        assert.match(failureOf(() => read(more)).message, /too many objects/);
      }
    }
  });

  it('what an honest value of many objects needs is there', () => {
    const values: readonly unknown[] = [
      Array.from({ length: 1_000_000 }, (_, at) => at),
      Array.from({ length: 200_000 }, (_, at) => ({ at, b: 1, c: 2, d: '', e: null })),
      Array.from({ length: 1_000_000 }, () => []),
      Array.from({ length: 500_000 }, () => new Date(0)),
      new Map(Array.from({ length: 500_000 }, (_, at) => [at, at])),
      Object.fromEntries(Array.from({ length: 300_000 }, (_, at) => [`k${at}`, { at }])),
    ];
    for (const value of values) scan(encodeValue(value, OPTIONS));
  });

  it('encodeInto says -1 when only the target is too small', () => {
    const target = new Uint8Array(8);
    assert.equal(encodeInto(target, 3, [1, 2, 3, 4], OPTIONS), 8);
    assert.deepEqual([...target], [0, 0, 0, 0x94, 1, 2, 3, 4]);
    assert.equal(encodeInto(target, 4, [1, 2, 3, 4], OPTIONS), -1);
    const failure = failureOf(() => encodeInto(target, 4, [1, 2], { root: 'r', maxBytes: 2 }));
    assert.equal(failure.kind, 'too-large');
  });
});

describe('failures in the host', () => {
  it('become errors with a code and the path', () => {
    const failure = failureOf(() => encodeArguments([{ f: User }], { maxBytes: 99 }));
    const error = failureError(failure);
    assert.equal(error.code, 'SCATTER_ERR_VALUE_UNSUPPORTED');
    assert.equal(error.path, 'args[0].f');
    assert.match(error.message, /^args\[0\]\.f is a function/);
    const large = failureOf(() => encodeArguments(['abc'], { maxBytes: 2 }));
    assert.equal(failureError(large).code, 'SCATTER_ERR_VALUE_TOO_LARGE');
    const broken = failureOf(() => scan(new Uint8Array([0xc1])));
    assert.equal(failureError(broken).code, 'SCATTER_ERR_GUEST_REJECTED_OUTPUT');
  });

  it('other errors stay what they are', () => {
    const error = new Error('other');
    assert.equal(translateFailure(error), error);
    assert.equal(isCodecFailure({ kind: 'unsupported', path: '', reason: '' }), false);
  });
});

function nest(depth: number): unknown {
  let value: unknown[] = [];
  for (let level = 1; level < depth; level += 1) value = [value];
  return value;
}

function failureOf(run: () => unknown): CodecFailure {
  try {
    run();
  } catch (error) {
    if (isCodecFailure(error)) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}
