/** Running programs that announce themselves; nothing of it is a change of the registry. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import type { InstanceReport } from '../../src/model/instance-report.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { item, request } from './push-requests.ts';
import type { UseStore } from './registry-contract.ts';

/** Longer than any test. */
const LONG_MS = 600_000;

export function fleetSuite(withStore: UseStore): void {
  announceSuite(withStore);
  endSuite(withStore);
  neighbourSuite(withStore);
}

function announceSuite(withStore: UseStore): void {
  it(
    'shows an announced instance to every connection, as it was announced',
    withStore(async (store) => {
      const [one, two] = [await store.open(), await store.open()];
      assert.deepEqual(await two.instances(), []);
      const full = report({
        cacheSince: new Date(1_700_000_000_000),
        functions: [
          { name: 'price "net" 🙂', version: 3, digest: 'd3', pinned: true },
          {
            name: 'tax',
            version: 1,
            digest: 'd1',
            pinned: false,
            blocked: { version: 2, code: 'SCATTER_ERR_CAPABILITY_MISSING', message: 'no `db`\n' },
          },
        ],
      });
      await one.announce(full, LONG_MS);
      assert.deepEqual(await two.instances(), [full]);
      assert.deepEqual(await one.instances(), [full]);
    }),
  );

  it(
    'shows what an instance said last, and each of several',
    withStore(async (store) => {
      const [one, two] = [await store.open(), await store.open()];
      const [first, other] = [report(), report()];
      await one.announce(first, LONG_MS);
      await two.announce(other, LONG_MS);
      const later = { ...first, epoch: 9, functions: [] };
      await one.announce(later, LONG_MS);
      assert.deepEqual(await sorted(one), byId([later, other]));
    }),
  );

  it(
    'keeps a report apart from the objects of its callers',
    withStore(async (store) => {
      const registry = await store.open();
      const functions = [{ name: 'a', version: 1, digest: 'd', pinned: false }];
      const announced = report({ functions });
      const before = structuredClone(announced);
      await registry.announce(announced, LONG_MS);
      functions.pop();
      assert.deepEqual(await registry.instances(), [before]);
    }),
  );
}

function endSuite(withStore: UseStore): void {
  it(
    'shows an instance no more when its time is over, unless it was announced again',
    withStore(async (store) => {
      const registry = await store.open();
      const [silent, steady] = [report(), report()];
      await registry.announce(silent, 1);
      await registry.announce(steady, 1);
      await registry.announce(steady, LONG_MS);
      await untilGone(registry, silent.id);
      assert.deepEqual(await registry.instances(), [steady]);
      // One that comes back is there again.
      await registry.announce(silent, LONG_MS);
      assert.deepEqual(await sorted(registry), byId([silent, steady]));
    }),
  );

  it(
    'shows a withdrawn instance no more; one that is not there can be withdrawn',
    withStore(async (store) => {
      const [one, two] = [await store.open(), await store.open()];
      await one.withdraw('never announced');
      const [gone, staying] = [report(), report()];
      await one.announce(gone, LONG_MS);
      await one.announce(staying, LONG_MS);
      await two.withdraw(gone.id);
      await two.withdraw(gone.id);
      assert.deepEqual(await one.instances(), [staying]);
    }),
  );

  it(
    'outlives the connection that announced it, which refuses then with POOL_CLOSED',
    withStore(async (store) => {
      const [one, two] = [await store.open(), await store.open()];
      const announced = report();
      await one.announce(announced, LONG_MS);
      await one.close();
      await one.close();
      assert.deepEqual(await two.instances(), [announced]);
      const code = 'SCATTER_ERR_POOL_CLOSED';
      await assert.rejects(one.announce(announced, LONG_MS), { code });
      await assert.rejects(one.withdraw(announced.id), { code });
      await assert.rejects(one.instances(), { code });
    }),
  );
}

function neighbourSuite(withStore: UseStore): void {
  it(
    'keeps the instances of namespaces apart, also with the same id',
    withStore(async (store) => {
      const [ours, theirs] = [await store.open('ours'), await store.open('theirs')];
      const announced = report();
      await ours.announce(announced, LONG_MS);
      assert.deepEqual(await theirs.instances(), []);
      await theirs.announce({ ...announced, epoch: 5 }, LONG_MS);
      await ours.withdraw(announced.id);
      assert.deepEqual(await ours.instances(), []);
      assert.deepEqual(await theirs.instances(), [{ ...announced, epoch: 5 }]);
    }),
  );

  it(
    'leaves epoch, changes, log and functions as they are',
    withStore(async (store) => {
      const [one, two] = [await store.open(), await store.open()];
      await one.push(request([item('add', 'a')]));
      const look = async (registry: Registry): Promise<object> => ({
        head: await registry.head(),
        log: await registry.log({ limit: 10 }),
        list: await registry.list(),
      });
      const before = await look(two);
      const since = await two.head();
      const announced = report();
      await one.announce(announced, LONG_MS);
      await one.withdraw(announced.id);
      await one.announce(announced, LONG_MS);
      assert.deepEqual(await look(two), before);
      assert.deepEqual(await two.changes(since), { head: since, names: [] });
      await one.push(request([item('add', 'b')]));
      assert.equal((await two.head()).epoch, since.epoch + 1);
      assert.deepEqual(await two.instances(), [announced]);
    }),
  );
}

function report(more: Partial<InstanceReport> = {}): InstanceReport {
  return {
    id: randomUUID(),
    host: 'web-1',
    pid: 4711,
    startedAt: new Date(1_760_000_000_123),
    scatter: '0.1.0',
    generation: 'a generation',
    epoch: 7,
    functions: [{ name: 'add', version: 2, digest: 'ab', pinned: false }],
    ...more,
  };
}

async function untilGone(registry: Registry, id: string): Promise<void> {
  while ((await registry.instances()).some((instance) => instance.id === id)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function sorted(registry: Registry): Promise<InstanceReport[]> {
  return byId(await registry.instances());
}

function byId(reports: InstanceReport[]): InstanceReport[] {
  return reports.sort((a, b) => (a.id < b.id ? -1 : 1));
}
