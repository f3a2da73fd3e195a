import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capability, isScatterError, provide, type ScatterFunction } from '../../src/index.ts';
import { freshName } from '../library/support.ts';
import { failsWith, isAlive } from '../pool/support.ts';
import { until } from '../redis/servers/until.ts';
import { startArena } from './support.ts';

interface Marks {
  mark(id: number): void;
}

// Who has begun, and how often.
const marked = new Map<number, number>();
const marks = provide(capability<Marks>('marks'), {
  mark: (id) => {
    marked.set(id, (marked.get(id) ?? 0) + 1);
  },
});
const MARKING = `import { marks } from 'scatter:capabilities';
export default async (id, ms) => {
  await marks.mark(id);
  await new Promise((done) => setTimeout(done, ms));
  return id;
};`;
const HANGS = 'export default () => [].indexOf.call({ length: 2 ** 53 - 1 }, 1);';

const arena = startArena();
const { scatter } = arena;
let ids = 0;

/** `answered`, or for a call that was cut off `begun` or `not begun`. */
async function endOf(fn: ScatterFunction, ms: number): Promise<{ id: number; end: string }> {
  ids += 1;
  const id = ids;
  try {
    assert.equal(await fn(id, ms), id);
    return { id, end: 'answered' };
  } catch (error) {
    if (!isScatterError(error, 'SCATTER_ERR_EXECUTOR_CRASHED')) throw error;
    assert.equal(error.retryable, !error.begun);
    return { id, end: error.begun ? 'begun' : 'not begun' };
  }
}

function openMarking(): Promise<ScatterFunction> {
  return scatter.load(MARKING, { name: freshName(), capabilities: [marks] });
}

async function executorPids(): Promise<readonly number[]> {
  return (await scatter.stats()).pids;
}

function timesMarked(id: number): number {
  return marked.get(id) ?? 0;
}

test('kill -9 under load: each call settles once, what had not begun runs elsewhere, once', async () => {
  const fn = await openMarking();
  const before = await arena.counts();
  const known = marked.size;
  const calls = Array.from({ length: 1000 }, () => endOf(fn, 30));
  await until('calls that have begun', () => marked.size > known + 50 || undefined);
  const killed = await executorPids();
  for (const pid of killed) process.kill(pid, 'SIGKILL');
  const began = performance.now();
  const ends = await Promise.all([...calls, endOf(fn, 0)]);
  for (const { id, end } of ends) {
    assert.notEqual(end, 'not begun');
    if (end === 'answered') assert.equal(timesMarked(id), 1, `call ${id} ran once`);
    else assert.ok(timesMarked(id) <= 1, `call ${id} ran once at most`);
  }
  const lost = ends.filter(({ end }) => end === 'begun').length;
  assert.ok(lost > 0 && lost <= 256, `${lost} calls were lost with the executor`);
  assert.ok(performance.now() - began < 10_000);
  for (const pid of killed) assert.ok(!isAlive(pid));
  await arena.comesBack(before);
});

test('an executor that is killed again and again is replaced each time, and nobody is blamed', async () => {
  const fn = await openMarking();
  const before = await arena.counts();
  for (let kills = 0; kills < 6; kills += 1) {
    const calls = Array.from({ length: 100 }, () => endOf(fn, 5));
    for (const pid of await executorPids()) process.kill(pid, 'SIGKILL');
    await Promise.all(calls);
    assert.deepEqual((await endOf(fn, 0)).end, 'answered');
  }
  assert.deepEqual((await scatter.stats()).suspects, []);
  await arena.comesBack(before);
});

test('who was on the executor of a function that hung: begun calls are told so, the rest is served', async () => {
  const fn = await openMarking();
  const before = await arena.counts();
  assert.equal((await endOf(fn, 0)).end, 'answered');
  const known = marked.size;
  const open = Array.from({ length: 20 }, () => endOf(fn, 20_000));
  await until('neighbours that have begun', () => marked.size === known + 20 || undefined);
  const bad = await scatter.load(HANGS, { name: freshName(), limits: { cpuMs: 300 } });
  const culprit = assert.rejects(bad(), failsWith('GUEST_TIMEOUT'));
  const behind = Array.from({ length: 300 }, () => endOf(fn, 1));
  assert.deepEqual(
    (await Promise.all(open)).map(({ end }) => end),
    open.map(() => 'begun'),
  );
  await culprit;
  for (const { id, end } of await Promise.all(behind)) {
    assert.notEqual(end, 'not begun');
    if (end === 'answered') assert.equal(timesMarked(id), 1);
  }
  await arena.comesBack(before);
});
