import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { provide } from '../../src/index.ts';
import { startArena } from './support.ts';

const arena = startArena();

const KILLED = 'GUEST_TIMEOUT';

/**
 * Reasons of rejections that nobody handles. isolated-vm reads message and stack of one when the time
 * limit of the entry is over: what loops then is ended from outside, with its executor.
 */
const REASONS: Readonly<Record<string, readonly [end: string, reason: string]>> = {
  'an object whose message loops': [KILLED, '{ get message() { for (;;); } }'],
  'an error whose stack loops': [
    KILLED,
    'Object.defineProperty(new Error(), "stack", { get() { for (;;); } })',
  ],
  'a proxy': [
    KILLED,
    'new Proxy({}, { get() { for (;;); }, has() { for (;;); }, ownKeys() { for (;;); }, getPrototypeOf() { for (;;); }, getOwnPropertyDescriptor() { for (;;); } })',
  ],
  'a toString that loops': [
    'answered',
    '{ toString() { for (;;); }, [Symbol.toPrimitive]() { for (;;); } }',
  ],
  'an error that is prepared for ever': [
    KILLED,
    '(() => { Error.prepareStackTrace = () => { for (;;); }; return new Error("x"); })()',
  ],
  'a thenable that loops': ['answered', '{ get then() { for (;;); } }'],
  'a very long message': ['answered', 'new Error("x".repeat(2 ** 24))'],
  'an uninterruptible message': [
    KILLED,
    'Object.defineProperty(new Error(), "message", { get() { return [].indexOf.call({ length: 2 ** 53 - 1 }, 1); } })',
  ],
  nothing: ['answered', ''],
};

/** Where else a rejection can be left by a function that would answer 42. */
const PLACES: Readonly<Record<string, (reason: string) => string>> = {
  'in a microtask': (reason) =>
    `export default async () => { await 0; Promise.reject(${reason}); await 0; return 42; };`,
  'in a timer': (reason) =>
    `export default () => new Promise((done) => setTimeout(() => { Promise.reject(${reason}); setTimeout(done, 1, 42); }, 1));`,
  'at load': (reason) => `Promise.reject(${reason}); export default () => 42;`,
  'handled too late': (reason) => `export default async () => {
    const late = Promise.reject(${reason});
    await new Promise((done) => setTimeout(done, 5));
    await late.catch(() => {});
    return 42;
  };`,
};

describe('a rejection that nobody handles harms its own call at most:', () => {
  for (const [title, [expected, reason]] of Object.entries(REASONS)) {
    test(title, () =>
      meets(expected, `export default () => { Promise.reject(${reason}); return 42; };`),
    );
  }
  for (const [where, sourceFor] of Object.entries(PLACES)) {
    test(`of nothing, ${where}`, () => meets('answered', sourceFor('')));
    test(`that loops, ${where}`, () => meets(KILLED, sourceFor('{ get message() { for (;;); } }')));
  }
});

async function meets(expected: string, source: string): Promise<void> {
  const limits = { cpuMs: expected === KILLED ? 100 : 3000 };
  const { end, value } = await arena.attack({ source, limits, kills: expected === KILLED });
  assert.deepEqual([end, value], [expected, expected === KILLED ? undefined : 42]);
}

test('one that an ended entry left does not end the executor when the next record is large', async () => {
  const ask = provide('ask', () => async () => 1);
  const source = `export default () => {
    ask('x'.repeat(60_000));
    globalThis.kept = Promise.reject(1);
    for (;;);
  };`;
  const attack = { source, limits: { cpuMs: 100 }, capabilities: [ask] };
  assert.equal((await arena.attack(attack)).end, 'GUEST_TIMEOUT');
});

test('a rejection whose handler loops ends with GUEST_TIMEOUT', async () => {
  const source = `export default async () => {
    await Promise.reject(1).catch(() => { for (;;); });
  };`;
  const { end } = await arena.attack({ source, limits: { cpuMs: 100 } });
  assert.equal(end, 'GUEST_TIMEOUT');
});
