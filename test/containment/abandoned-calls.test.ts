/** Calls whose callers go away: clients that disconnect, deadlines that pass. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, failsWith, guest, startPool, until } from '../pool/support.ts';

const neighbour = guest('neighbour', '(n) => n');
const turning = guest(
  'turning',
  '(ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms; }',
);

test('calls that were aborted do not run one after the other while neighbours wait', async () => {
  const pool = startPool({ threads: 2 });
  await call(pool, neighbour, [0]);
  await Promise.all(Array.from({ length: 100 }, () => call(pool, turning, [0])));
  const given = Array.from({ length: 1000 }, () => {
    const abort = new AbortController();
    const made = call(pool, turning, [300], { signal: abort.signal });
    const refused = assert.rejects(made, failsWith('ABORTED'));
    abort.abort();
    return refused;
  });
  await Promise.all(given);
  const began = performance.now();
  for (let n = 0; n < 20; n += 1) assert.equal(await call(pool, neighbour, [n]), n);
  // All of them would take 150 s on the two lanes.
  assert.ok(performance.now() - began < 30_000);
  await until(() => pool.stats().inFlight === 0, 'nothing runs any more');
});

test('a call that was given up keeps its place until its worker is done with it', async () => {
  const pool = startPool();
  await call(pool, turning, [0]);
  const abort = new AbortController();
  const made = call(pool, turning, [300], { signal: abort.signal });
  await until(() => pool.stats().inFlight === 1, 'it was sent');
  // It leaves in this tick's write; the abort comes behind it.
  await new Promise(setImmediate);
  abort.abort();
  await assert.rejects(made, failsWith('ABORTED'));
  assert.equal(pool.stats().inFlight, 1);
  await until(() => pool.stats().inFlight === 0, 'its place is free');
});

test('thousands of calls that end while they wait, each in a line of its own, cost little', async () => {
  const pool = startPool();
  await call(pool, turning, [0]);
  const busy = call(pool, turning, [600]);
  const abort = new AbortController();
  const few = await timeToEnd(500);
  const many = await timeToEnd(8000);
  // Sixteen times as many; each for itself would be two hundred and fifty times as much.
  assert.ok(many < 120 * Math.max(few, 1), `${few} ms, then ${many} ms`);
  abort.abort();
  await busy;

  async function timeToEnd(lines: number): Promise<number> {
    const stop = new AbortController();
    const calls = Array.from({ length: lines }, (_, index) =>
      assert.rejects(
        call(pool, turning, [1], { partition: `${lines} ${index}`, signal: stop.signal }),
        failsWith('ABORTED'),
      ),
    );
    const began = performance.now();
    stop.abort();
    await Promise.all(calls);
    return performance.now() - began;
  }
});

test('when too many calls wait, it is the function with most of them that loses one', async () => {
  const pool = startPool({ maxQueue: 100 });
  await call(pool, turning, [0]);
  await call(pool, neighbour, [0]);
  const limits = { maxConcurrency: 1 };
  const ends: string[] = [];
  const flood = Array.from({ length: 150 }, (_, index) =>
    call(pool, turning, [index === 0 ? 300 : 0], { limits }).then(
      () => ends.push('answered'),
      (error) => failsWith('POOL_OVERLOADED')(error) && ends.push('refused'),
    ),
  );
  const others = Array.from({ length: 10 }, (_, n) => call(pool, neighbour, [n], { limits }));
  assert.deepEqual(
    await Promise.all(others),
    others.map((_, n) => n),
  );
  await Promise.all(flood);
  const refused = ends.filter((end) => end === 'refused').length;
  assert.ok(refused >= 49 && refused <= 60, `${refused} were refused`);
});
