/** What the compiler says of tokens and provisions; `tsc` is the test, the rest only runs it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capability, provide } from '../../src/index.ts';

interface Row {
  readonly id: number;
}
interface Store {
  find(id: number): Promise<Row>;
  readonly nested: { count(): Promise<number> };
}

const store = capability<Store>('store');
const ask = capability<(question: string) => Promise<string>>('ask');

test('a token has the type of the thing itself', () => {
  const find: (id: number) => Promise<Row> = store.find;
  const answer: (question: string) => Promise<string> = ask;
  assert.equal(typeof find, typeof answer);
});

test('an implementation may be synchronous, and more than what is asked for', () => {
  const nested = { count: () => 1, more: () => 2 };
  provide(store, { find: (id) => ({ id }), nested });
  provide(store, { find: async (id) => ({ id }), nested });
  provide(store, ({ context, signal, function: name }) => {
    const told: [unknown, AbortSignal, string] = [context, signal, name];
    return { find: (id: number) => ({ id, told }), nested };
  });
  provide(store, async () => ({ find: (id: number) => ({ id }), nested }));
  provide(ask, () => (question: string) => question);
  provide('store', ({ version }) => ({ find: () => version }));
});

test('what does not fit the token is a type error', () => {
  // @ts-expect-error `nested` is missing
  provide(store, { find: (id: number) => ({ id }) });
  // @ts-expect-error the id is a number
  provide(store, { find: (id: string) => ({ id: id.length }), nested: { count: () => 1 } });
  // @ts-expect-error a row has an id
  provide(store, { find: () => ({}), nested: { count: () => 1 } });
  // @ts-expect-error a function is a factory, so this one gives a string for a function
  provide(ask, (question: string) => question);
  // @ts-expect-error an option that is none
  assert.throws(() => provide(store, {}, { color: 'red' }));
  // @ts-expect-error only objects and functions have members
  assert.ok(capability<string>('text'));
});
