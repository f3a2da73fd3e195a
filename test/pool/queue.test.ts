import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, failsWith, guest, startPool } from './support.ts';

const echo = guest('echo', '(value) => value');
const wait = guest('wait', '(ms) => new Promise((resolve) => setTimeout(() => resolve(ms), ms))');

test('calls in flight are answered each with its own result', async () => {
  const pool = startPool({ threads: 2 });
  const results = await Promise.all(
    Array.from({ length: 3000 }, (_, index) => call(pool, echo, [{ index }])),
  );
  assert.deepEqual(
    results,
    Array.from({ length: 3000 }, (_, index) => ({ index })),
  );
});

test('more waiting calls than maxQueue are refused with POOL_OVERLOADED, the others served', async () => {
  const pool = startPool({ maxQueue: 5 });
  await call(pool, wait, [0]);
  const limits = { maxConcurrency: 2 };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => call(pool, wait, [20], { limits })),
  );
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refused.length, 3);
  for (const { reason } of refused) {
    assert.ok(failsWith('POOL_OVERLOADED', { retryable: true })(reason));
  }
});

test('maxConcurrency bounds the calls of one function that run at once', async () => {
  const pool = startPool();
  const counting = guest(
    'counting',
    `(() => {
      let inside = 0;
      let most = 0;
      return async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inside -= 1;
        return most;
      };
    })()`,
  );
  const limits = { maxConcurrency: 3 };
  await call(pool, counting, [], { limits });
  const most = await Promise.all(
    Array.from({ length: 20 }, () => call(pool, counting, [], { limits })),
  );
  assert.equal(Math.max(...(most as number[])), 3);
});

test('a function with many waiting calls does not keep another one from its turn', async () => {
  const pool = startPool();
  await call(pool, wait, [0]);
  const order: string[] = [];
  const limits = { maxConcurrency: 1 };
  const many = Array.from({ length: 30 }, () =>
    call(pool, wait, [5], { limits }).then(() => order.push('many')),
  );
  await call(pool, echo, [1]).then(() => order.push('one'));
  await Promise.all(many);
  assert.ok(order.indexOf('one') < 10, order.join());
});

test('slow functions leave a lane to quick ones', async () => {
  const pool = startPool({ threads: 2 });
  const slow = guest('slow', '() => { const end = Date.now() + 100; while (Date.now() < end); }');
  await call(pool, slow);
  await call(pool, echo, [0]);
  const order: string[] = [];
  const busy = Array.from({ length: 6 }, () => call(pool, slow).then(() => order.push('slow')));
  const quick = Array.from({ length: 20 }, () =>
    call(pool, echo, [1]).then(() => order.push('quick')),
  );
  await Promise.all([...quick, ...busy]);
  assert.ok(order.lastIndexOf('quick') < order.lastIndexOf('slow'), order.join());
});

test('an aborted call rejects with ABORTED, whether it waits or runs', async () => {
  const pool = startPool();
  await call(pool, wait, [0]);
  const limits = { maxConcurrency: 1 };
  const running = new AbortController();
  const waiting = new AbortController();
  const first = call(pool, wait, [60_000], { limits, signal: running.signal });
  const second = call(pool, wait, [60_000], { limits, signal: waiting.signal });
  const third = call(pool, wait, [1], { limits });
  waiting.abort();
  await assert.rejects(second, failsWith('ABORTED'));
  running.abort();
  await assert.rejects(first, failsWith('ABORTED'));
  assert.equal(await third, 1);
  await assert.rejects(
    call(pool, echo, [1], { signal: AbortSignal.abort() }),
    failsWith('ABORTED'),
  );
});
