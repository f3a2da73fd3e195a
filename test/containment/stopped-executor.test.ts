/** An executor that is stopped (SIGSTOP, a debugger, a frozen container): it says nothing and does not end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processCpuMs } from '../../src/pool/process-cpu.ts';
import { freshName } from '../library/support.ts';
import { isAlive } from '../pool/support.ts';
import { until } from '../redis/servers/until.ts';
import { startArena } from './support.ts';

const arena = startArena();
const { scatter } = arena;

async function stopExecutors(): Promise<readonly number[]> {
  const { pids } = await scatter.stats();
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return pids;
}

test('calls and loads are served by another executor, and the stopped one is gone', async () => {
  const before = await arena.counts();
  const pids = await stopExecutors();
  const fn = await scatter.load('export default () => 1;', { name: freshName() });
  assert.equal(await fn(), 1);
  await arena.ask();
  await until(
    'the end of the stopped executor',
    () => pids.every((pid) => !isAlive(pid)) || undefined,
  );
  const { endings, suspects } = await scatter.stats();
  assert.deepEqual([endings.silent, suspects], [1, []]);
  await fn.release();
  await arena.comesBack(before);
});

test('one that is stopped while a guest runs is replaced, too', async () => {
  const turning = `export default () => { const end = Date.now() + 400; while (Date.now() < end); return 1; };`;
  const fn = await scatter.load(turning, { name: freshName() });
  await fn();
  const [pid] = (await scatter.stats()).pids;
  const idle = processCpuMs(pid) ?? 0;
  const running = fn();
  await until('it to run', () => (processCpuMs(pid) ?? 0) > idle + 50 || undefined);
  const pids = await stopExecutors();
  await assert.rejects(running, ({ code }: { code: string }) =>
    /GUEST_TIMEOUT|EXECUTOR_CRASHED/.test(code),
  );
  await arena.ask();
  for (const pid of pids) assert.ok(!isAlive(pid));
});
