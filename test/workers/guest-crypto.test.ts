import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BLOCK_WORDS, chachaBlock, newWords } from '../../workers/guest/libraries/chacha20.ts';
import { call, guest, startPool } from '../pool/support.ts';
import { startGuest } from './in-guest.ts';

const { inGuest, assertSameAsNode } = startGuest();

function wordsOf(hex: string): Int32Array {
  const words = newWords(hex.length / 8);
  new Uint8Array(words.buffer).set(Buffer.from(hex, 'hex'));
  return words;
}

describe('chachaBlock()', () => {
  it('gives the block of RFC 8439, section 2.3.2', () => {
    const key = wordsOf('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
    const block = newWords(BLOCK_WORDS);
    chachaBlock(block, key, 1, wordsOf('000000090000004a00000000'));
    assert.equal(
      Buffer.from(block.buffer).toString('hex'),
      '10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e' +
        'd2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e',
    );
  });
});

describe("a guest's crypto", () => {
  it('has what capture lets through, and nothing else', async () => {
    assert.deepEqual(await inGuest(() => Reflect.ownKeys(crypto)), [
      'getRandomValues',
      'randomUUID',
    ]);
  });

  it('makes UUIDs of version 4, no two of them equal', async () => {
    const uuids = (await inGuest(() =>
      Array.from({ length: 2000 }, () => crypto.randomUUID()),
    )) as string[];
    assert.equal(new Set(uuids).size, 2000);
    for (const uuid of uuids) {
      assert.match(uuid, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    }
  });

  it('fills views of integers, within their bounds, with every byte about as often', async () => {
    const [counts, around, same] = (await inGuest(() => {
      const bytes = new Uint8Array(65_536);
      const counts = new Array(256).fill(0);
      for (const byte of crypto.getRandomValues(bytes)) counts[byte] += 1;
      const middle = new Uint8Array(64);
      crypto.getRandomValues(new BigUint64Array(middle.buffer, 16, 4));
      const around = [...middle.slice(0, 16), ...middle.slice(48)];
      const array = new Int16Array(3);
      return [counts, around, crypto.getRandomValues(array) === array];
    })) as [number[], number[], boolean];
    // 256 are expected, and a standard deviation is 16.
    for (const count of counts) assert.ok(count > 96 && count < 416, `${count} of one byte`);
    assert.ok(around.every((byte) => byte === 0));
    assert.equal(same, true);
  });

  it('refuses other arrays and more than 65536 bytes as Node does', () =>
    assertSameAsNode(() => {
      const arrays = [
        new Float32Array(1),
        new Float64Array(1),
        new DataView(new ArrayBuffer(1)),
        [1],
        new Uint8Array(65_537),
        new Uint32Array(16_385),
        new Uint8Array(0),
      ];
      return arrays.map((array) => {
        try {
          return crypto.getRandomValues(array as Uint8Array).length;
        } catch (error) {
          return [(error as Error).name, error instanceof DOMException];
        }
      });
    }));

  it('gives every isolate other numbers, also with the same function', async () => {
    const pool = startPool();
    const random = guest('random', '() => crypto.randomUUID()');
    const partitions = ['a', 'b', 'c', 'd'];
    const all = await Promise.all(
      partitions.map((partition) => call(pool, random, [], { partition })),
    );
    assert.equal(new Set(all).size, partitions.length);
  });

  it('keeps its state from a guest that has replaced what it could be reached by', async () => {
    const reached = await inGuest(() => {
      const seen: string[] = [];
      const typed = Object.getPrototypeOf(Uint8Array.prototype);
      const watch = (owner: object, name: string): void => {
        for (const key of Reflect.ownKeys(owner)) {
          const descriptor = Object.getOwnPropertyDescriptor(owner, key);
          if (!descriptor?.configurable || key === 'constructor') continue;
          Object.defineProperty(owner, key, {
            configurable: true,
            get() {
              seen.push(`get ${name}.${String(key)}`);
              return undefined;
            },
            set() {
              seen.push(`set ${name}.${String(key)}`);
            },
          });
        }
      };
      const names = ['Int32Array', 'Uint8Array', 'ArrayBuffer', 'Uint32Array'] as const;
      for (const name of names) watch(globalThis[name].prototype, name);
      watch(typed, 'TypedArray');
      for (const name of names) {
        Object.defineProperty(globalThis, name, {
          get() {
            seen.push(name);
            return undefined;
          },
        });
      }
      const uuid = crypto.randomUUID();
      return [uuid.length, seen.join()];
    });
    assert.deepEqual(reached, [36, '']);
  });
});
