import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isScatterError,
  type Limits,
  type Scatter,
  type ScatterFunction,
} from '../../src/index.ts';
import { failsWith } from '../pool/support.ts';
import { startArena } from './support.ts';

const HANGS = 'export default () => [].indexOf.call({ length: 2 ** 53 - 1 }, 1);';
const HANGS_OTHERWISE = `export default () => [].includes.call({ length: 2 ** 53 - 1 }, 1);`;
const HANGS_AT_LOAD = '[].indexOf.call({ length: 2 ** 53 - 1 }, 1); export default () => 1;';
const TAKES_MEMORY =
  'export default () => { const kept = []; for (;;) kept.push(new Array(1000)); };';

const arena = startArena({
  pool: { threads: 2, memoryMb: 400 },
  limits: { cpuMs: 30_000, memoryMb: 2000 },
});
const { scatter } = arena;

/** Ends of the executor by a function are not the neighbour's trouble where it does not run. */
async function askMeanwhile(during: Promise<unknown>): Promise<void> {
  let over = false;
  const end = during.finally(() => {
    over = true;
  });
  while (!over) {
    await arena.ask(7);
    await new Promise(setImmediate);
  }
  await end;
}

function suspects(of: Scatter): Promise<object[]> {
  return of
    .stats()
    .then((stats) => stats.suspects.map(({ function: name, kills }) => ({ name, kills })));
}

async function openFunction(
  name: string,
  source: string,
  limits: Partial<Limits>,
): Promise<ScatterFunction> {
  await scatter.pushSource(name, source);
  return scatter.get(name, { limits });
}

test('a function that hangs its executor runs apart from then on, and is quarantined for two more', async () => {
  const bad = await openFunction('hangs', HANGS, { cpuMs: 50 });
  const before = await arena.counts();
  await assert.rejects(bad(), failsWith('GUEST_TIMEOUT', { function: 'hangs' }));
  assert.deepEqual(await suspects(scatter), [{ name: 'hangs', kills: 0 }]);
  for (const kills of [1, 2]) {
    await askMeanwhile(assert.rejects(bad(), failsWith('GUEST_TIMEOUT')));
    assert.deepEqual(await suspects(scatter), [{ name: 'hangs', kills }]);
  }
  await assert.rejects(bad(), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_QUARANTINED'));
    assert.ok(error.retryable && error.message.includes('push a version that does not'));
    const { retryAfterMs = 0 } = error;
    return retryAfterMs > 60_000 && retryAfterMs <= 120_000;
  });
  const { endings, suspects: listed } = await scatter.stats();
  assert.equal(endings.overdue, 3);
  assert.ok((listed[0]?.quarantinedUntil ?? new Date(0)) > new Date());
  await arena.comesBack(before);
});

test('a new version does not lift the quarantine, and follows without being loaded', async () => {
  const bad = await openFunction('hangs-again', HANGS, { cpuMs: 50 });
  for (let call = 0; call < 3; call += 1) await assert.rejects(bad(), failsWith('GUEST_TIMEOUT'));
  await scatter.pushSource('hangs-again', HANGS_OTHERWISE);
  assert.equal(bad.version, 2);
  await assert.rejects(bad(), failsWith('GUEST_QUARANTINED', { version: 2 }));
  const again = await scatter.get('hangs-again');
  await assert.rejects(again(), failsWith('GUEST_QUARANTINED'));
});

test('calls that wait when the quarantine begins are refused as well, and each settles', async () => {
  const bad = await openFunction('hangs-often', HANGS, { cpuMs: 50 });
  const ends = await Promise.all(
    Array.from({ length: 20 }, () =>
      bad().then(
        () => 'answered',
        (error) => (isScatterError(error) ? error.code.replace('SCATTER_ERR_', '') : String(error)),
      ),
    ),
  );
  const count = (code: string): number => ends.filter((end) => end === code).length;
  assert.equal(count('GUEST_TIMEOUT'), 3);
  // At first it may have begun on both lanes.
  assert.equal(count('GUEST_QUARANTINED') + count('EXECUTOR_CRASHED'), 17);
  assert.ok(count('EXECUTOR_CRASHED') <= 1);
});

test('a module that hangs while it is loaded is quarantined in the same way', async () => {
  await scatter.pushSource('hangs-at-load', HANGS_AT_LOAD);
  const open = (): Promise<ScatterFunction> =>
    scatter.get('hangs-at-load', { limits: { cpuMs: 50 } });
  await assert.rejects(open(), failsWith('GUEST_TIMEOUT'));
  for (let load = 0; load < 2; load += 1) {
    await askMeanwhile(assert.rejects(open(), failsWith('GUEST_TIMEOUT')));
  }
  const bad = await open();
  await assert.rejects(bad(), failsWith('GUEST_QUARANTINED'));
});

test('running out of memory blames nobody the first time, and whoever does it again apart', async () => {
  const hog = await openFunction('hog', TAKES_MEMORY, {});
  const before = await arena.counts();
  await assert.rejects(hog(), failsWith('EXECUTOR_CRASHED', { begun: true }));
  for (let call = 0; call < 2; call += 1) {
    await askMeanwhile(assert.rejects(hog(), failsWith('EXECUTOR_CRASHED', { begun: true })));
  }
  await assert.rejects(hog(), failsWith('GUEST_QUARANTINED'));
  assert.equal((await scatter.stats()).endings.memory, 3);
  await arena.ask();
  await arena.comesBack(before);
});
