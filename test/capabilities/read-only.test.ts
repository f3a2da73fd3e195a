import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOnly } from '../../src/capabilities/index.ts';
import { capability, isScatterError, provide } from '../../src/index.ts';
import { startScatter } from '../library/support.ts';
import { served } from './support.ts';

class Store {
  #rows = new Map([['a', 1]]);
  limit = 10;
  readonly nested = { deep: 'data' };
  closed = false;

  async get(key: string): Promise<number | undefined> {
    return this.#rows.get(key);
  }
  list(): string[] {
    return [...this.#rows.keys()];
  }
  get size(): number {
    return this.#rows.size;
  }
  set size(value: number) {
    this.limit = value;
  }
  put(key: string, value: number): void {
    this.#rows.set(key, value);
  }
}
class Client extends Store {
  onClose: (() => void) | null = null;
}

test('guests call the listed methods on the object and read the listed properties, and nothing else', async () => {
  const client = new Client();
  const db = capability<{
    get(key: string): Promise<number | undefined>;
    list(): Promise<string[]>;
    size(): Promise<number>;
    limit(): Promise<number>;
    nested(): Promise<object>;
    put?(key: string, value: number): Promise<void>;
  }>('db');
  const names = ['get', 'list', 'size', 'limit', 'nested'] as const;
  const scatter = startScatter({ capabilities: [provide(db, readOnly(client, names))] });
  const fn = await served(scatter, async () => {
    const values = [await db.get('a'), await db.list(), await db.size(), await db.limit()];
    const refused = await db.put?.('b', 2).catch((error: { code: string }) => error.code);
    return [...values, await db.nested(), refused];
  });
  const missing = 'SCATTER_ERR_CAPABILITY_MISSING';
  assert.deepEqual(await fn(), [1, ['a'], 1, 10, { deep: 'data' }, missing]);
  client.put('b', 2);
  client.limit = 20;
  // As it is at the time of the call.
  assert.deepEqual((await fn()).slice(1, 4), [['a', 'b'], 2, 20]);
});

test('nothing can be written by way of it', () => {
  const client = new Client();
  const view = readOnly(client, ['limit', 'size', 'list']);
  assert.throws(() => Object.assign(view, { limit: () => 0 }), TypeError);
  assert.throws(() => Object.assign(view, { put: () => 0 }), TypeError);
  (view.limit as (value: number) => number)(5);
  (view.size as (value: number) => number)(5);
  assert.deepEqual([view.limit(), view.size(), client.limit], [10, 1, 10]);
  assert.deepEqual(Object.keys(view), ['limit', 'size', 'list']);
  assert.equal(Object.getPrototypeOf(view), Object.prototype);
});

test('a plain object, an object without a prototype and a function have members, too', async () => {
  const bare = Object.assign(Object.create(null) as { id: number }, { id: 7 });
  assert.equal(readOnly(bare, ['id']).id(), 7);
  const plain = { n: 1, twice: (n: number) => 2 * n, hasOwnProperty: () => 'mine' };
  assert.equal(readOnly(plain, ['twice']).twice(4), 8);
  const { hasOwnProperty: own } = readOnly(plain, ['hasOwnProperty']);
  assert.equal(own(), 'mine');
  const tool = Object.assign(() => 1, { version: '2' });
  assert.equal(readOnly(tool, ['version']).version(), '2');
  assert.equal(readOnly([1, 2], ['length']).length(), 2);
});

test('an object that is none and names that cannot be exposed are CONFIG_INVALID', () => {
  const client = new Client();
  const bad: [unknown, unknown, RegExp][] = [
    [null, [], /takes an object, not null/],
    ['text', ['length'], /takes an object, not 'text'/],
    [undefined, [], /takes an object/],
    [client, 'get', /takes a list of names, not 'get'/],
    [client, undefined, /takes a list of names/],
    [client, [1], /1 is no name of a member/],
    [client, [Symbol.iterator], /is no name of a member/],
    [client, ['get', 'remove'], /`remove`: the object has no such member/],
    [client, ['#rows'], /has no such member/],
    [client, ['constructor'], /no capability has a member of that name/],
    [client, ['__proto__'], /no capability has a member of that name/],
    [client, ['toString'], /no capability has a member of that name/],
    [client, ['then'], /no capability has a member of that name/],
    [client, ['__defineSetter__'], /has no such member/],
    [client, ['hasOwnProperty'], /has no such member/],
  ];
  for (const [object, names, words] of bad) {
    assert.throws(
      () => readOnly(object as Client, names as []),
      (error) => isScatterError(error, 'SCATTER_ERR_CONFIG_INVALID') && words.test(error.message),
      String(words),
    );
  }
});

test('the types are those of the members', () => {
  const client = new Client();
  const view = readOnly(client, ['get', 'limit']);
  const get: (key: string) => Promise<number | undefined> = view.get;
  const limit: () => number = view.limit;
  assert.equal(typeof get, typeof limit);
  provide(capability<{ get(key: string): Promise<number | undefined> }>('typed'), view);
  // @ts-expect-error it has no such member
  assert.throws(() => readOnly(client, ['remove']));
  // @ts-expect-error `list` was not listed
  assert.equal(view.list, undefined);
  const set = (): void => {
    // @ts-expect-error nothing can be set
    view.limit = limit;
  };
  assert.throws(set, TypeError);
  // @ts-expect-error the token wants a method that is not exposed
  provide(capability<{ put(key: string): Promise<void> }>('typed'), view);
});
