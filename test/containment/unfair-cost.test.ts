/** A function that is known to be quick, and then takes all of its limit in each of many calls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestFunction } from '../../src/model/guest-function.ts';
import { call, guest, startPool } from '../pool/support.ts';

const neighbour = guest('neighbour', '() => 1');
const turning = guest(
  'turning',
  '(ms) => { const end = Date.now() + ms; while (Date.now() < end); return ms; }',
);
const BUSY_MS = 100;
const CALLS = 60;

interface Flood {
  readonly target: GuestFunction;
  readonly args: (index: number) => unknown[];
  readonly partition: (index: number) => string;
}

const turn = `const end = Date.now() + ms; while (Date.now() < end);`;
const FLOODS: Readonly<Record<string, Flood>> = {
  'long calls': { target: turning, args: () => [BUSY_MS], partition: () => '' },
  'long and short calls in turn': {
    target: turning,
    args: (index) => [index % 4 < 2 ? BUSY_MS : 0],
    partition: () => '',
  },
  'long calls, each in an isolate of its own': {
    target: turning,
    args: () => [BUSY_MS],
    partition: (index) => `${index}`,
  },
  'long loads, each in an isolate of its own': {
    target: guest('loading', `((ms) => { ${turn} return () => ms; })(${BUSY_MS})`),
    args: () => [0],
    partition: (index) => `${index}`,
  },
};

for (const [what, { target, args, partition }] of Object.entries(FLOODS)) {
  test(`a neighbour does not wait for all that was sent ahead of it: ${what}`, async () => {
    const pool = startPool({ threads: 2 });
    await Promise.all(Array.from({ length: 50 }, () => call(pool, neighbour)));
    // Until it is trusted with a whole lane.
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 50 }, () => call(pool, target, [0])));
    }
    let open = CALLS;
    const flood = Array.from({ length: CALLS }, (_, index) =>
      call(pool, target, args(index), { partition: partition(index) }).finally(() => {
        open -= 1;
      }),
    );
    // With what was sent ahead, both lanes would be taken until nearly all have ended.
    for (let asked = 0; asked < 10; asked += 1) assert.equal(await call(pool, neighbour), 1);
    assert.ok(open > CALLS / 2, `${CALLS - open} calls went before ten of the neighbour`);
    await Promise.all(flood);
  });
}

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
