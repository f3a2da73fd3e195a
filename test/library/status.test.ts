import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { capability, type InstanceReport, type Scatter } from '../../src/index.ts';
import { failsWith } from '../pool/support.ts';
import { freshName, freshUrl, pushValue, registryOf, startScatter } from './support.ts';

test('status() shows this instance and all others, with what they run', async () => {
  const url = freshUrl();
  const [one, two] = [startScatter({ url }), startScatter({ url })];
  const name = freshName();
  const { digest } = await pushValue(one, name, 1);
  await two.get(name);
  // Without it, what it loaded would be shown a moment later.
  await two.status();
  const { instances, behind, blocked, ...registry } = await one.status({ wait: true });
  const { generation, epoch } = registry;
  assert.deepEqual(registry, { url, namespace: 'default', generation, epoch: 1 });
  assert.deepEqual([behind, blocked], [[], []]);
  assert.equal(instances.length, 2);
  const [serving = assert.fail('nobody serves it')] = instances.filter(
    ({ functions }) => functions.length > 0,
  );
  const { id, startedAt, scatter, ...rest } = serving;
  assert.ok(id !== '' && startedAt <= new Date());
  assert.match(scatter, /^\d+\.\d+\.\d+/);
  const functions = [{ name, version: 1, digest, pinned: false }];
  assert.deepEqual(rest, { host: hostname(), pid: process.pid, generation, epoch, functions });
});

test('an instance that only looks is shown too, and no more after close()', async () => {
  const url = freshUrl();
  const [looking, other] = [startScatter({ url }), startScatter({ url })];
  await other.list();
  assert.equal((await looking.status()).instances.length, 2);
  await other.close();
  const { instances } = await looking.status();
  assert.deepEqual(
    instances.map(({ functions }) => functions),
    [[]],
  );
});

test('a handle is shown as long as it is open; one that stays where it is, as pinned', async () => {
  const scatter = startScatter();
  const name = freshName();
  await pushValue(scatter, name, 1);
  await pushValue(scatter, name, 2);
  const fn = await scatter.get(name);
  assert.deepEqual(await shown(scatter), [`${name}@2`]);
  await fn.downgrade();
  const still = await scatter.get(`${name}@2`);
  assert.deepEqual(await shown(scatter), [`${name}@1 pinned`, `${name}@2 pinned`]);
  const follower = await scatter.get(name);
  await fn.pull();
  assert.deepEqual(await shown(scatter), [`${name}@2`]);
  await Promise.all([fn.release(), follower.release()]);
  assert.deepEqual(await shown(scatter), [`${name}@2 pinned`]);
  await still.delete();
  assert.deepEqual(await shown(scatter), []);
  await pushValue(scatter, name, 3);
  const told = await scatter.get(name, { autoUpdate: false });
  assert.equal(told.pinned, false);
  assert.deepEqual(await shown(scatter), [`${name}@3 pinned`]);
});

test('a version that cannot run is shown as blocked until another one takes its place', async () => {
  const scatter = startScatter();
  const name = freshName();
  const db = capability<{ query(): Promise<number> }>('db');
  const pushBlocked = async () => {
    const tracked = scatter.track(() => db.query(), { name });
    await tracked.push();
    await tracked.release();
  };
  await pushValue(scatter, name, 1);
  const fn = await scatter.get(name);
  await pushBlocked();
  const { blocked, instances, behind } = await scatter.status();
  const [{ message, ...reason } = assert.fail('nothing is blocked'), ...others] = blocked;
  const instance = instances[0]?.id;
  const code = 'SCATTER_ERR_CAPABILITY_MISSING';
  assert.deepEqual(reason, { instance, name, version: 2, code });
  assert.match(message, /needs the capability `db`/);
  assert.deepEqual([others, behind], [[], []]);
  await pushValue(scatter, name, 3);
  assert.deepEqual((await scatter.status()).blocked, []);
  await pushBlocked();
  assert.equal((await scatter.status()).blocked[0]?.version, 4);
  await fn.rollback();
  assert.deepEqual([fn.version, (await scatter.status()).blocked], [3, []]);
  await fn.moveAll(4);
  assert.equal((await scatter.status()).blocked[0]?.version, 4);
  await fn.pull(3);
  assert.deepEqual((await scatter.status()).blocked, []);
});

test('status({ wait: true }) resolves when all have applied what was there when it was asked', async () => {
  const scatter = startScatter({ url: freshUrl() });
  const registry = await registryOf(scatter);
  await pushValue(scatter, freshName(), 1);
  const { generation, epoch } = await registry.head();
  await registry.announce(slowInstance({ generation, epoch: 0 }), LONG_MS);
  assert.deepEqual((await scatter.status()).behind, ['slow']);
  const waiting = scatter.status({ wait: true, timeoutMs: LONG_MS });
  // What comes later need not be waited for.
  const instances = registry.instances.bind(registry);
  while ((await instances()).every(({ id, epoch: at }) => id === 'slow' || at < epoch)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await registry.announce(slowInstance({ generation, epoch }), LONG_MS);
  const status = await waiting;
  assert.deepEqual([status.epoch, status.behind], [epoch, []]);
});

test('status({ wait: true }) that takes too long is FLEET_BEHIND and says who is how far', async () => {
  const scatter = startScatter({ url: freshUrl() });
  const registry = await registryOf(scatter);
  await pushValue(scatter, freshName(), 1);
  const { generation } = await registry.head();
  await registry.announce(slowInstance({ generation, epoch: 0 }), LONG_MS);
  const behind = failsWith('FLEET_BEHIND', { retryable: true });
  await assert.rejects(scatter.status({ wait: true, timeoutMs: 0 }), behind);
  const message = /applied change 1 of default in memory:.* after 70 ms: far:7 \(0\)/;
  await assert.rejects(scatter.status({ wait: true, timeoutMs: 70 }), message);
});

test('an aborted wait is ABORTED with the reason of the signal', async () => {
  const scatter = startScatter({ url: freshUrl() });
  const registry = await registryOf(scatter);
  await pushValue(scatter, freshName(), 1);
  await registry.announce(slowInstance({ generation: 'another', epoch: 9 }), LONG_MS);
  const controller = new AbortController();
  const waiting = scatter.status({ wait: true, signal: controller.signal, timeoutMs: LONG_MS });
  const reason = new Error('no time');
  controller.abort(reason);
  await assert.rejects(waiting, failsWith('ABORTED', { cause: reason }));
});

test('options that are not there or make no sense are CONFIG_INVALID', async () => {
  const scatter = startScatter();
  for (const options of [{ wiat: true }, { timeoutMs: -1 }, { timeoutMs: Number.NaN }]) {
    await assert.rejects(scatter.status(options), failsWith('CONFIG_INVALID'));
  }
});

/** Longer than any test. */
const LONG_MS = 600_000;

async function shown(scatter: Scatter): Promise<string[]> {
  const { instances } = await scatter.status();
  return instances.flatMap(({ functions }) =>
    functions.map(({ name, version, pinned }) => `${name}@${version}${pinned ? ' pinned' : ''}`),
  );
}

/** As if announced by a program that is slow. */
function slowInstance(at: Pick<InstanceReport, 'generation' | 'epoch'>): InstanceReport {
  const program = { id: 'slow', host: 'far', pid: 7, startedAt: new Date(0), scatter: '0.1.0' };
  return { ...program, ...at, functions: [] };
}
