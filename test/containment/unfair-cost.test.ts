/** A function that is known to be quick, and then takes all of its limit in each of many calls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, guest, startPool } from '../pool/support.ts';

const neighbour = guest('neighbour', '() => 1');
const turning = guest(
  'turning',
  '(ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms; }',
);
const BUSY_MS = 100;
const CALLS = 60;

test('a neighbour waits for one of its calls at most, not for all that were sent ahead', async () => {
  const pool = startPool({ threads: 2 });
  await Promise.all(Array.from({ length: 50 }, () => call(pool, neighbour)));
  // Until it is trusted with a whole lane.
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 50 }, () => call(pool, turning, [0])));
  }
  let open = CALLS;
  const turned = Array.from({ length: CALLS }, () =>
    call(pool, turning, [BUSY_MS]).finally(() => {
      open -= 1;
    }),
  );
  // With the calls that were sent ahead, both lanes would be taken until nearly all have ended.
  for (let asked = 0; asked < 10; asked += 1) assert.equal(await call(pool, neighbour), 1);
  assert.ok(open > CALLS / 2, `${CALLS - open} calls went before ten of the neighbour`);
  const ends = await Promise.all(turned);
  assert.deepEqual(new Set(ends), new Set([BUSY_MS]));
});

test('a call that its worker comes to too late is told that it waited, and costs nobody an isolate', async () => {
  const pool = startPool();
  await call(pool, neighbour);
  await call(pool, turning, [0]);
  const { isolates } = pool.stats();
  const busy = call(pool, turning, [400]);
  const late = call(pool, neighbour, [], { limits: { timeoutMs: 100 } });
  await assert.rejects(late, { code: 'SCATTER_ERR_POOL_OVERLOADED', retryable: true });
  await busy;
  assert.equal(await call(pool, neighbour), 1);
  assert.equal(pool.stats().isolates, isolates);
});
