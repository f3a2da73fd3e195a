/** What an entry that was ended leaves in its isolate, for whoever enters it next. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, failsWith, guest, startPool, until } from '../pool/support.ts';

const neighbour = guest('neighbour', '(n) => n');
// Two bytes a character, so that the record needs a larger outbox and one more entry.
const LONG_LINE = `console.log('\\ud800' + 'x'.repeat(9990));`;
const BOMB = 'new Proxy({}, { getPrototypeOf() { throw 1; } })';

const LEFT: Readonly<Record<string, string>> = {
  'a rejection, when it timed out': `() => { ${LONG_LINE} Promise.reject(new Error('left')); for (;;); }`,
  'endless microtasks, when it timed out': `() => { Promise.resolve().then(() => { for (;;); }); ${LONG_LINE} for (;;); }`,
  'a rejection, when a timer threw what throws when it is shown': `() => new Promise(() => {
    setTimeout(() => { ${LONG_LINE} Promise.reject(new Error('left')); throw ${BOMB}; }, 1);
  })`,
  'a rejection, when a microtask threw what throws when it is shown': `() => new Promise(() => {
    queueMicrotask(() => { ${LONG_LINE} Promise.reject(new Error('left')); throw ${BOMB}; });
  })`,
};

for (const [what, source] of Object.entries(LEFT)) {
  test(`an entry that leaves ${what}, ends its own call only`, async () => {
    const pool = startPool();
    await call(pool, neighbour, [0]);
    const wait = guest('wait', '() => new Promise((done) => setTimeout(done, 600, "waited"))');
    const waiting = call(pool, wait);
    const limits = { cpuMs: 100, timeoutMs: 400 };
    await assert.rejects(call(pool, guest('bad', source), [], { limits }), (error) => {
      return failsWith('GUEST_TIMEOUT')(error);
    });
    assert.equal(await call(pool, neighbour, [1]), 1);
    assert.equal(await waiting, 'waited');
    assert.equal(pool.stats().restarts, 0);
  });
}

test('what a function printed or threw is in no error of another function', async () => {
  const pool = startPool();
  await call(pool, neighbour, [0]);
  const wait = guest('wait', '() => new Promise(() => {})');
  const waiting = call(pool, wait);
  const bad = guest(
    'bad',
    `() => { ${LONG_LINE} Promise.reject(new Error('SECRET')); [].indexOf.call({ length: 2 ** 53 - 1 }, 1); }`,
  );
  const killing = call(pool, bad, [], { limits: { cpuMs: 50 } });
  await assert.rejects(waiting, (error) => {
    assert.doesNotMatch(String(error), /SECRET/);
    return failsWith('EXECUTOR_CRASHED')(error);
  });
  await assert.rejects(killing, failsWith('GUEST_TIMEOUT'));
});

test('a result for which there is no room left ends the call at once, not at its deadline', async () => {
  const pool = startPool();
  await call(pool, neighbour, [0]);
  for (const free of [2_200_000, 3_000_000, 3_500_000]) {
    for (const wait of ['', 'await 1;']) {
      const full = guest(
        `full with ${free} ${wait}`,
        `async () => {
          const kept = (globalThis.kept = []);
          const big = new Uint8Array(2e6);
          let size = 1e6;
          while (size > 2e5) {
            try { for (;;) kept.push(new ArrayBuffer(size)); } catch { size = Math.trunc(size / 2); }
          }
          for (let given = 0; given < ${free};) given += kept.pop().byteLength;
          ${wait}
          return big;
        }`,
      );
      const limits = { timeoutMs: 60_000, cpuMs: 20_000, memoryMb: 32 };
      const began = performance.now();
      const outcome = await call(pool, full, [], { limits }).then(
        () => 'answered',
        (error) => /GUEST_OUT_OF_MEMORY|GUEST_THREW/.test(error.code),
      );
      assert.ok(outcome);
      assert.ok(performance.now() - began < 50_000, 'it waited for its deadline');
    }
  }
});

test('a module that floods its outbox as it is loaded is refused, and not loaded again and again', async () => {
  const pool = startPool();
  await call(pool, neighbour, [0]);
  const flood = guest(
    'flood',
    `(() => { queueMicrotask(() => { for (let i = 0; i < 400; i += 1) console.log('x'.repeat(9990)); }); return () => 1; })()`,
  );
  const limits = { timeoutMs: 20_000 };
  const outcome = await call(pool, flood, [], { limits }).catch((error) => error.code);
  assert.notEqual(outcome, 'SCATTER_ERR_POOL_OVERLOADED');
  await until(() => pool.stats().inFlight === 0, 'nothing is in flight');
});

test('more timers than can be kept are refused in the guest, and no executor is killed for them', async () => {
  const pool = startPool();
  await call(pool, neighbour, [0]);
  const flood = guest(
    'flood',
    `() => { let n = 0; try { for (;;) { setTimeout(() => {}, 1e6); n += 1; } } catch (error) { return [n, error.name]; } }`,
  );
  assert.deepEqual(await call(pool, flood), [10_000, 'RangeError']);
  assert.deepEqual(await call(pool, flood), [10_000, 'RangeError']);
  assert.equal(pool.stats().restarts, 0);
});

test('one call of a function that hangs as it is loaded ends one executor, and says so', async () => {
  const pool = startPool();
  await call(pool, neighbour, [0]);
  const stuck = guest('stuck', '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)');
  await assert.rejects(
    call(pool, stuck, [], { limits: { cpuMs: 50 } }),
    failsWith('GUEST_TIMEOUT', { function: 'stuck' }),
  );
  assert.equal(pool.stats().restarts, 1);
});
