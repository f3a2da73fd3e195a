/** No guest gets a resizable buffer: its memory would be outside of the heap's limit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGuest } from './in-guest.ts';

const { inGuest, assertSameAsNode } = startGuest();

type Maker = (options: object) => unknown;

// Each way to make a buffer that V8's own constructor would answer with a resizable one.
const WAYS: Readonly<Record<string, Maker>> = {
  'the constructor': (options) => Reflect.construct(ArrayBuffer, [8, options]),
  'the constructor for another new.target': (options) =>
    Reflect.construct(ArrayBuffer, [8, options], Object),
  'the same for a class': (options) =>
    Reflect.construct(ArrayBuffer, [8, options], class extends Array {}),
  'what a class inherits from': (options) =>
    Reflect.construct(Object.getPrototypeOf(class extends ArrayBuffer {}), [8, options]),
  'a class that passes more on': (options) =>
    Reflect.construct(
      class extends ArrayBuffer {
        constructor(length: number) {
          super(...([length, options] as unknown as [number]));
        }
      },
      [8],
    ),
  "its prototype's constructor": (options) =>
    Reflect.construct(Object(ArrayBuffer.prototype).constructor, [8, options]),
  "a buffer's constructor": (options) =>
    Reflect.construct(Object(new ArrayBuffer(1)).constructor, [8, options]),
  "the constructor of a typed array's buffer": (options) =>
    Reflect.construct(Object(new Uint8Array(100).buffer).constructor, [8, options]),
  "the constructor of a DataView's buffer": (options) =>
    Reflect.construct(Object(new DataView(new ArrayBuffer(8))).buffer.constructor, [8, options]),
  'its species': (options) => Reflect.construct(Object(ArrayBuffer)[Symbol.species], [8, options]),
  'a species that slice() calls': (options) => {
    const seen: unknown[] = [];
    const buffer = new ArrayBuffer(16);
    Object.defineProperty(buffer, 'constructor', {
      value: {
        get [Symbol.species]() {
          return function made(...args: unknown[]) {
            seen.push(new.target, ...args);
            return Reflect.construct(ArrayBuffer, [8, options]);
          };
        },
      },
    });
    return buffer.slice(0, 8);
  },
  'the default species of slice()': () => {
    const buffer = new ArrayBuffer(16);
    Object.defineProperty(buffer, 'constructor', { value: undefined });
    return buffer.slice(0, 8);
  },
  'transfer()': () => new ArrayBuffer(4).transfer(8),
  'transferToFixedLength()': () => new ArrayBuffer(4).transferToFixedLength(8),
  'transfer() with options': (options) => {
    const made = Reflect.construct(ArrayBuffer, [4, options]) as ArrayBuffer;
    return Reflect.apply(ArrayBuffer.prototype.transfer, made, [8, options]);
  },
  'structuredClone()': (options) => structuredClone(Reflect.construct(ArrayBuffer, [8, options])),
  'new Function': (options) =>
    new Function('options', 'return new ArrayBuffer(8, options)')(options),
  // biome-ignore lint/security/noGlobalEval: as a guest would.
  eval: (options) => globalThis.eval('(options) => new ArrayBuffer(8, options)')(options),
  'a proxy of the constructor': (options) =>
    Reflect.construct(new Proxy(ArrayBuffer, {}), [8, options]),
  'a bound constructor': (options) => Reflect.construct(ArrayBuffer.bind(null), [8, options]),
  'an option that is inherited': (options) => {
    Reflect.defineProperty(Object.prototype, 'maxByteLength', { value: 64, configurable: true });
    try {
      return Reflect.construct(ArrayBuffer, [8, options]);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'maxByteLength');
    }
  },
};

/**
 * In the guest, where nothing asks a buffer whether it can be resized: a view of one that can, has no
 * fixed length, and therefore cannot be made non-extensible.
 */
const PROBE = `(make) => {
  const buffer = make({ maxByteLength: 64 });
  const isFixed = Reflect.preventExtensions(new Uint8Array(buffer));
  const length = Reflect.get(ArrayBuffer.prototype, 'byteLength', buffer);
  return [isFixed, length, 'resize' in buffer, 'resizable' in buffer, 'maxByteLength' in buffer];
}`;

for (const [way, make] of Object.entries(WAYS)) {
  test(`${way} gives no buffer that can be resized`, async () => {
    const probed = await inGuest(new Function(`return (${PROBE})(${make})`));
    assert.deepEqual(probed, [true, 8, false, false, false]);
  });
}

test('the probe finds a buffer that can be resized', () => {
  const resizable = new ArrayBuffer(8, { maxByteLength: 64 });
  assert.equal(Reflect.preventExtensions(new Uint8Array(resizable)), false);
});

test('a guest finds V8 neither in frames of an error nor in what a failing buffer throws', async () => {
  const found = await inGuest(() => {
    const functions = new Set<unknown>();
    const trace = Error as unknown as { prepareStackTrace: unknown };
    trace.prepareStackTrace = (
      _error: unknown,
      sites: { getFunction(): unknown; getThis(): unknown }[],
    ) => {
      for (const site of sites) functions.add(site.getFunction()).add(site.getThis());
      return '';
    };
    const failing = [
      () => new ArrayBuffer(-1),
      () => new ArrayBuffer(2 ** 53 - 1),
      () =>
        new ArrayBuffer({
          valueOf() {
            throw new Error('from valueOf');
          },
        } as unknown as number),
      () => Reflect.apply(ArrayBuffer as never, undefined, [1]),
    ];
    const names = failing.map((fail) => {
      try {
        fail();
        return 'nothing';
      } catch (error) {
        String((error as Error).stack);
        return (error as Error).name;
      }
    });
    const others = [...functions].filter(
      (one) =>
        typeof one === 'function' && one !== ArrayBuffer && /\[native code\]/.test(String(one)),
    );
    return [names, others.map(String)];
  });
  assert.deepEqual(found, [['RangeError', 'RangeError', 'Error', 'TypeError'], []]);
});

test('what else there is of ArrayBuffer is as Node has it', async () => {
  await assertSameAsNode(() => {
    class Special extends ArrayBuffer {
      twice(): number {
        return this.byteLength * 2;
      }
    }
    const special = new Special(8);
    const buffer = new ArrayBuffer(4);
    new Uint8Array(buffer).set([1, 2, 3, 4]);
    return [
      special.twice(),
      special instanceof ArrayBuffer,
      Object.prototype.toString.call(special),
      special.slice(2) instanceof Special,
      [...new Uint8Array(buffer.slice(1, 3))],
      [...new Uint8Array(buffer.transfer(6))],
      buffer.detached,
      ArrayBuffer.isView(new Uint8Array(1)),
      ArrayBuffer.name,
      ArrayBuffer.length,
      Object(ArrayBuffer)[Symbol.species] === ArrayBuffer,
      Object.getOwnPropertyDescriptor(ArrayBuffer, 'prototype')?.writable,
      Object.getPrototypeOf(ArrayBuffer) === Function.prototype,
      Object.keys(ArrayBuffer),
      Reflect.ownKeys(ArrayBuffer).length,
      new ArrayBuffer('3' as unknown as number).byteLength,
      new Uint8Array(3).buffer.constructor === ArrayBuffer,
    ];
  });
});

test('memory that is transferred counts against the limit of the heap', async () => {
  const grown = await inGuest(() => {
    let buffer = new ArrayBuffer(2 ** 20);
    try {
      for (;;) buffer = buffer.transfer(buffer.byteLength * 2);
    } catch (error) {
      return [(error as Error).name, buffer.byteLength <= 2 ** 26];
    }
  });
  assert.deepEqual(grown, ['RangeError', true]);
});
