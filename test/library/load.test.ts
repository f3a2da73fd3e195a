import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createScatter, type GuestLogLine, type ScatterFunction } from '../../src/index.ts';
import { freshName, silentLogger, startScatter } from './support.ts';

const scatter = startScatter();
// A registry that cannot be opened: nothing here may need it.
const alone = startScatter({ url: 'sqlite:/dev/null/registry.db' });
const COUNTER = 'let n = 0; export default () => ++n;';

test('load() runs text without a registry, as a function that stays as it is', async () => {
  const fn = await alone.load<(a: number) => number>('export default (a) => a + 1', {
    name: 'plus',
  });
  assert.equal(await fn(1), 2);
  const { name, version, latestVersion, pinned, requires, source, digest } = fn;
  assert.deepEqual(
    { name, version, latestVersion, pinned, requires, source },
    {
      name: 'plus',
      version: 0,
      latestVersion: 0,
      pinned: true,
      requires: [],
      source: 'export default (a) => a + 1',
    },
  );
  assert.match(digest, /^[0-9a-f]{64}$/);
});

describe('what needs a registry is CONFIG_INVALID:', () => {
  const methods: Record<string, (fn: ScatterFunction) => Promise<unknown>> = {
    'pull()': (fn) => fn.pull(),
    'pull(1)': (fn) => fn.pull(1),
    'upgrade()': (fn) => fn.upgrade(),
    'downgrade()': (fn) => fn.downgrade(),
    'versions()': (fn) => fn.versions(),
    'moveAll()': (fn) => fn.moveAll(1),
    'rollback()': (fn) => fn.rollback(),
    'delete()': (fn) => fn.delete(),
    'delete({ olderThan })': (fn) => fn.delete({ olderThan: 2 }),
  };
  for (const [what, method] of Object.entries(methods)) {
    test(what, async () => {
      const fn = await alone.load('export default () => 1');
      await assert.rejects(method(fn), {
        code: 'SCATTER_ERR_CONFIG_INVALID',
        message: /is in no registry; pushSource\(\) it/,
      });
    });
  }
});

test('limits, partitions, onLog and signals are those of any handle', async () => {
  const lines: GuestLogLine[] = [];
  const fn = await alone.load<(ms: number) => number>(
    'let n = 0; export default (ms) => { const end = Date.now() + ms; while (Date.now() < end); console.log("n", ++n); return n; }',
  );
  assert.deepEqual([await fn(0), await fn(0)], [1, 2]);
  const other = fn.with({ partition: 'other', onLog: (line) => lines.push(line) });
  assert.equal(await other(0), 1);
  assert.deepEqual([lines[0]?.text, lines[0]?.function], ['n 1', fn.name]);
  const hasty = fn.with({ limits: { cpuMs: 30 } });
  await assert.rejects(hasty(10_000), { code: 'SCATTER_ERR_GUEST_TIMEOUT' });
  const aborted = fn.with({ signal: AbortSignal.abort() });
  await assert.rejects(aborted(0), { code: 'SCATTER_ERR_ABORTED' });
});

test('callSync() needs { trusted: true }', async () => {
  const trusted = await alone.load<() => number>(COUNTER, { trusted: true });
  assert.deepEqual([trusted.callSync(), trusted.callSync()], [1, 2]);
  const other = await alone.load<() => number>(COUNTER);
  assert.throws(() => other.callSync(), { code: 'SCATTER_ERR_CONFIG_INVALID' });
});

test('the same text loaded twice is two functions, unless both are given one name', async () => {
  const one = await alone.load<() => number>(COUNTER);
  const other = await alone.load<() => number>(COUNTER);
  assert.deepEqual([await one(), await one(), await other()], [1, 2, 1]);
  const named = await alone.load<() => number>(COUNTER, { name: 'counter' });
  const same = await alone.load<() => number>(COUNTER, { name: 'counter' });
  assert.deepEqual([await named(), await same()], [1, 2]);
});

test('release() frees its isolates, and calls after it are POOL_CLOSED', async () => {
  const before = (await scatter.stats()).isolates;
  const fn = await scatter.load<() => number>(COUNTER);
  await fn();
  assert.equal((await scatter.stats()).isolates, before + 1);
  await fn.release();
  await fn.release();
  await assert.rejects(fn(), { code: 'SCATTER_ERR_POOL_CLOSED' });
  while ((await scatter.stats()).isolates > before) await new Promise(setImmediate);
});

test('a loaded function that another one captures is CAPTURE_UNSUPPORTED', async () => {
  const fn = await scatter.load<() => number>(COUNTER);
  const outer = scatter.track(() => fn(), { name: freshName() });
  await assert.rejects(outer.push(), {
    code: 'SCATTER_ERR_CAPTURE_UNSUPPORTED',
    message: /is in no registry/,
  });
});

test("isolation: 'none' runs no text in this process", async () => {
  const unit = startScatter({ isolation: 'none' });
  const fn = await unit.load<() => number>(COUNTER);
  await assert.rejects(fn(), { code: 'SCATTER_ERR_CONFIG_INVALID' });
});

test('after close(), load() and calls are POOL_CLOSED', async () => {
  const closing = createScatter({ url: 'memory:', pool: { threads: 1 }, logger: silentLogger });
  const fn = await closing.load<() => number>(COUNTER);
  await closing.close();
  await assert.rejects(fn(), { code: 'SCATTER_ERR_POOL_CLOSED' });
  await assert.rejects(closing.load(COUNTER), { code: 'SCATTER_ERR_POOL_CLOSED' });
});
