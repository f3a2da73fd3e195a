import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { provide } from '../../src/index.ts';
import { startArena } from './support.ts';

const arena = startArena();
const limits = { timeoutMs: 150 };

const never = provide('never', { answer: () => new Promise<never>(() => undefined) });

const WAITING: Readonly<Record<string, string>> = {
  'a promise that nothing settles': 'return new Promise(() => {});',
  'a thenable that calls nobody back': 'return { then() {} };',
  'a capability that does not answer': 'return never.answer();',
  'a timer of eleven days': 'return new Promise((done) => setTimeout(done, 1e9));',
  'an interval that turns and turns': 'return new Promise(() => setInterval(() => {}, 1));',
  'immediates that start each other':
    'const again = () => setImmediate(again); again(); return new Promise(() => {});',
  'a race that nobody wins': 'return Promise.race([]);',
  'a promise that waits for itself':
    'let wait; wait = new Promise((done) => setTimeout(() => done(wait), 1)).then(() => new Promise(() => {})); return wait;',
  'many promises':
    'return Promise.all(Array.from({ length: 10_000 }, () => new Promise(() => {})));',
};

describe('what never settles ends with GUEST_TIMEOUT, and nothing of it stays:', () => {
  for (const [title, body] of Object.entries(WAITING)) {
    test(title, async () => {
      const source = `export default () => { ${body} };`;
      const { end, answersMeanwhile } = await arena.attack({
        source,
        limits,
        capabilities: [never],
      });
      assert.equal(end, 'GUEST_TIMEOUT');
      assert.ok(answersMeanwhile > 5, `${answersMeanwhile} answers`);
    });
  }

  test('hundreds of such calls at once', async () => {
    const source = 'export default () => new Promise(() => {});';
    const { ends } = await arena.attack({ source, limits, times: 100 });
    // Those that waited all the time for a place never began.
    assert.equal(ends.filter((end) => /^(GUEST_TIMEOUT|POOL_OVERLOADED)$/.test(end)).length, 100);
    assert.ok(ends.includes('GUEST_TIMEOUT'));
  });
});

test('its isolate takes no new calls, lets the open ones finish, and goes', async () => {
  const before = await arena.counts();
  const fn = await arena.scatter.load<(kind: string) => Promise<number>>(`
    let calls = 0;
    export default async (kind) => {
      calls += 1;
      if (kind === 'never') await new Promise(() => {});
      if (kind === 'open') await new Promise((done) => setTimeout(done, 600));
      return calls;
    };`);
  assert.equal(await fn('first'), 1);
  const open = fn('open');
  await assert.rejects(fn.with({ limits })('never'), { code: 'SCATTER_ERR_GUEST_TIMEOUT' });
  assert.equal(await fn('in a new isolate'), 1);
  // In the old one, with the call that timed out.
  assert.equal(await open, 3);
  await fn.release();
  await arena.comesBack({ ...before, threads: Number.POSITIVE_INFINITY });
});
