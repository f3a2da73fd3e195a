import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, guest, startPool } from './support.ts';

test('idle isolates with full heaps make room before the executor comes to its memory ceiling', async () => {
  const pool = startPool({ memoryMb: 500 });
  const keeping = guest(
    'keeping',
    `() => { globalThis.kept = Array.from({ length: 40 }, () => new Array(131_072).fill(1.5)); return kept.length; }`,
  );
  // Each keeps 40 MB, within its limit; together they are far over the ceiling.
  for (let index = 0; index < 40; index += 1) {
    assert.equal(await call(pool, keeping, [], { partition: `partition ${index}` }), 40);
  }
  const { restarts, isolates } = pool.stats();
  assert.equal(restarts, 0);
  assert.ok(isolates < 12, `${isolates} isolates are there`);
});
