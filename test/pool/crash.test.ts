import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScatterError } from '../../src/errors.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { processCpuMs } from '../../src/pool/process-cpu.ts';
import { call, failsWith, guest, isAlive, startPool, until } from './support.ts';

const echo = guest('echo', '(value) => value');
const wait = guest('wait', '() => new Promise((resolve) => setTimeout(resolve, 60_000))');

function executorPid(pool: Pool): number {
  const [pid] = pool.stats().pids;
  assert.ok(pid !== undefined);
  return pid;
}

test('kill -9 of the executor under load: every call settles once, what had not begun is served', async () => {
  const pool = startPool({ threads: 2 });
  await call(pool, echo, [0]);
  const first = executorPid(pool);
  const settled: string[] = [];
  const calls = Array.from({ length: 2000 }, async (_, index) => {
    try {
      assert.equal(await call(pool, echo, [index]), index);
      settled.push('answered');
    } catch (error) {
      assert.ok(isScatterError(error, 'SCATTER_ERR_EXECUTOR_CRASHED'), String(error));
      assert.equal(error.begun, true);
      settled.push('crashed');
    }
  });
  await until(() => settled.length > 100, 'some calls are answered');
  process.kill(first, 'SIGKILL');
  await Promise.all(calls);
  assert.equal(settled.length, 2000);
  assert.notEqual(executorPid(pool), first);
  assert.equal(isAlive(first), false);
  assert.equal(pool.stats().inFlight, 0);
});

test('a call that had begun gets EXECUTOR_CRASHED with begun: true and is not retried', async () => {
  const pool = startPool();
  const logged: string[] = [];
  const chatty = guest('chatty', `() => { console.log('begun'); return new Promise(() => {}); }`);
  const open = call(pool, chatty, [], { onLog: (line) => logged.push(line.text) });
  await until(() => logged.length > 0, 'the call has begun');
  process.kill(executorPid(pool), 'SIGKILL');
  await assert.rejects(open, failsWith('EXECUTOR_CRASHED', { begun: true, retryable: false }));
  assert.deepEqual(logged, ['begun']);
});

test('when a stuck call is killed, begun neighbours get EXECUTOR_CRASHED and the rest is served', async () => {
  const pool = startPool();
  await call(pool, echo, [0]);
  const waiting = call(pool, wait);
  const stuck = guest('stuck', '() => [].indexOf.call({ length: 2 ** 53 - 1 }, 1)');
  const culprit = call(pool, stuck, [], { limits: { cpuMs: 50 } });
  const behind = call(pool, echo, ['behind']);
  await Promise.all([
    assert.rejects(culprit, failsWith('GUEST_TIMEOUT', { function: 'stuck' })),
    assert.rejects(waiting, failsWith('EXECUTOR_CRASHED', { begun: true, function: 'wait' })),
    behind.then((value) => assert.equal(value, 'behind')),
  ]);
});

test('a load that is under way when the executor is killed is made again', async () => {
  const pool = startPool();
  await call(pool, echo, [0]);
  const use = { target: guest('other', '() => 1'), partition: '', memoryMb: 64, cpuMs: 1000 };
  const loading = pool.prepare(use);
  process.kill(executorPid(pool), 'SIGKILL');
  await loading;
  assert.equal(await call(pool, use.target), 1);
});

test('a thread that hangs is killed also when nobody waits for its call any more', async () => {
  const pool = startPool();
  await call(pool, echo, [0]);
  const stuck = guest('stuck', '() => [].indexOf.call({ length: 2 ** 53 - 1 }, 1)');
  const given = new AbortController();
  const idle = processCpuMs(executorPid(pool)) ?? 0;
  const open = call(pool, stuck, [], { limits: { cpuMs: 500 }, signal: given.signal });
  await until(() => (processCpuMs(executorPid(pool)) ?? 0) > idle + 100, 'it has begun');
  given.abort();
  await assert.rejects(open, failsWith('ABORTED'));
  await until(() => pool.stats().restarts === 1, 'the executor is killed');
  assert.equal(await call(pool, echo, [1]), 1);
});

test('Ctrl-C, which reaches all processes of a terminal, ends no call: the host decides', async () => {
  const pool = startPool();
  const logged: string[] = [];
  const slow = guest(
    'slow',
    `() => { console.log('begun'); return new Promise((done) => setTimeout(done, 200, 'done')); }`,
  );
  const open = call(pool, slow, [], { onLog: (line) => logged.push(line.text) });
  await until(() => logged.length > 0, 'the call has begun');
  process.kill(executorPid(pool), 'SIGINT');
  assert.equal(await open, 'done');
  assert.equal(pool.stats().restarts, 0);
});
