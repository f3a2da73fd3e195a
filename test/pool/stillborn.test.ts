import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../redis/servers/until.ts';
import { call, failsWith, guest, startPool } from './support.ts';

const echo = guest('echo', '(value) => value');
const refused = failsWith('EXECUTOR_CRASHED', { begun: false, retryable: true });
const use = { target: echo, partition: '', memoryMb: 64, cpuMs: 1000 };

test('executors that crash as they start end calls and loads after a few tries, and are not started in a storm', async () => {
  const node = process.execPath;
  const pool = startPool();
  // Takes any argument, says nothing and fails.
  process.execPath = '/bin/false';
  try {
    const calls = Array.from({ length: 50 }, (_, index) => call(pool, echo, [index]));
    await Promise.all(calls.map((one) => assert.rejects(one, refused)));
    await assert.rejects(pool.prepare(use), refused);
    const { restarts, endings } = pool.stats();
    assert.equal(endings.crashed, restarts);
    assert.ok(restarts <= 30, `${restarts} executors were started`);
  } finally {
    process.execPath = node;
  }
  // Until the next one may be started, calls are refused at once.
  const answer = await until(
    'an answer',
    () => call(pool, echo, [1]).catch((error) => refused(error) && undefined),
    { withinMs: 20_000, everyMs: 10 },
  );
  assert.equal(answer, 1);
});
