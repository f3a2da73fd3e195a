import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { capture } from '../../src/capture/index.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';
import { refusedTables } from './cases.ts';
import { checkPlace } from './place.ts';
import { checkWords, refusalOf } from './refusal.ts';

for (const { file, rows } of await refusedTables()) {
  describe(`captured from ${file}, these are refused with the reason, the trail and a fix`, () => {
    for (const [title, [fn, ...words]] of Object.entries(rows)) {
      test(title, async () => {
        const { message } = await refusalOf(fn);
        checkWords(message, words);
        checkPlace(message, fn, file);
      });
    }
  });
}

test('a refusal reads as the design has it', async () => {
  const { loadUser } = await import('./fixtures/modules/load-user.mjs');
  const superFunc = (): string => loadUser(1);
  const { message } = await refusalOf(superFunc);
  const [reason, ...rest] = message.split('\n').map((line) => line.trim());
  assert.equal(reason, '`fs` is a Node built-in; the isolate has no Node API');
  assert.match(
    rest.join(' '),
    /^reached through: → function superFunc \(test\/capture\/refusals\.test\.ts:\d+:\d+\) → variable `loadUser` → function loadUser \(test\/capture\/fixtures\/modules\/load-user\.mjs:3:25\) → variable `fs` fix: do that work outside and pass a function for it as a capability$/,
  );
});

test('a variable that has no value yet is refused', async () => {
  const { message } = await refusalOf(() => value);
  const value = 1;
  checkWords(message, [
    '`value` is not yet initialised',
    '→ variable `value`',
    'fix: create the tracked function after',
  ]);
});

test('a class that is not declared yet is refused', async () => {
  const { message } = await refusalOf(() => new Later());
  class Later {}
  checkWords(message, ['`Later` is not yet initialised', 'create the tracked function after']);
});

test('too much data is refused by the name of its variable, with the limit', async () => {
  const table = Array.from({ length: 1000 }, (_, index) => ({ index }));
  const { message } = await refusalOf(() => table.length, { maxBytes: 2000 });
  checkWords(message, ['too large', '`table', '2000 bytes', 'fix: ', 'argument', '`maxBytes`']);
});

test('too long a string is refused by the name of its variable', async () => {
  const text = 'x'.repeat(5_000_000);
  const { message } = await refusalOf(() => text.length);
  checkWords(message, ['too large', '`text`', '4000000 bytes', 'argument', '`maxBytes`']);
});

test('too large a buffer is refused by the name of its variable', async () => {
  const bytes = new Uint8Array(5_000_000);
  const { message } = await refusalOf(() => bytes.length);
  checkWords(message, ['too large', '`bytes', 'argument', '`maxBytes`']);
});

test('what is no function is refused', async () => {
  for (const value of [5, undefined, { call: () => 1 }]) {
    const { message } = await refusalOf(value as unknown as AnyFunction);
    checkWords(message, [' cannot be captured', 'not a function']);
  }
});

test('a class is refused as the function itself, because it cannot be called', async () => {
  const { message } = await refusalOf(class Account {} as unknown as AnyFunction);
  checkWords(message, ['`Account` is a class', 'fix: ']);
});

test('a refusal carries the name of the captured function and cannot be retried', async () => {
  const job = Promise.resolve(1);
  await assert.rejects(
    capture(function report() {
      return job;
    }),
    { function: 'report', retryable: false },
  );
});

test('a refusal does not run a getter, a trap or a method of the value', async () => {
  let touched = 0;
  const touch = (): never => {
    touched += 1;
    throw new Error('touched');
  };
  const traps = new Proxy({}, { get: touch, ownKeys: touch, getPrototypeOf: touch, has: touch });
  const value = { toString: touch, toJSON: touch, [Symbol.toPrimitive]: touch, traps };
  const { message } = await refusalOf(() => value);
  checkWords(message, ['`value.traps` is a Proxy']);
  assert.equal(touched, 0);
});

test('a refusal does not run a trap of a prototype', async () => {
  let touched = 0;
  const touch = (): never => {
    touched += 1;
    throw new Error('touched');
  };
  const value = Object.create(new Proxy({}, { get: touch, getPrototypeOf: touch, has: touch }));
  const { message } = await refusalOf(() => value);
  checkWords(message, ['`value', 'is a Proxy', 'fix: ']);
  assert.equal(touched, 0);
});

test('what is no function and has no text is refused by what it is', async () => {
  const { message } = await refusalOf(Object.create(null));
  checkWords(message, ['Object: null prototype', 'it is not a function']);
});
