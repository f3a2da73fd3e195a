/** Random numbers that somebody could know: isolates that are made under pressure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, guest, startPool } from '../pool/support.ts';

const SOURCE = `() => [typeof process, crypto.randomUUID(), crypto.getRandomValues(new Uint32Array(4)).join()]`;

test('a function that is loaded has all of its environment, and randomness of its own, or is not loaded', async () => {
  const env = Object.fromEntries(
    Array.from({ length: 5000 }, (_, n) => [`NAME_${n}`, 'x'.repeat(20)]),
  );
  const pool = startPool({ env });
  const seen = new Set<string>();
  let answers = 0;
  for (let index = 0; index < 30; index += 1) {
    const one = guest(`one ${index}`, `${SOURCE} // ${index}`.replace('//', '/*').concat(' */'));
    const outcome = await call(pool, one, [], { limits: { cpuMs: 5 } }).catch(
      (error: { code: string }) => error.code,
    );
    if (typeof outcome === 'string') {
      assert.match(outcome, /GUEST_TIMEOUT|GUEST_OUT_OF_MEMORY/);
      continue;
    }
    const [kind, ...random] = outcome as string[];
    assert.equal(kind, 'object');
    for (const text of random) seen.add(text);
    answers += 1;
  }
  assert.equal(seen.size, 2 * answers);
});

test('partitions, fresh isolates and versions of the same function share no random numbers', async () => {
  const pool = startPool();
  const seen = new Set<unknown>();
  for (let index = 0; index < 10; index += 1) {
    const version = { ...guest('random', SOURCE), version: index, digest: `digest ${index}` };
    for (const limits of [{}, { freshIsolate: true }]) {
      for (const partition of ['', 'a', 'b']) {
        seen.add(((await call(pool, version, [], { limits, partition })) as string[])[1]);
      }
    }
  }
  assert.equal(seen.size, 60);
});
