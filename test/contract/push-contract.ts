/** Numbers, `latest`, `live` and atomicity of pushes, as the public contract has them. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { item, pushAll, request } from './push-requests.ts';
import type { UseStore } from './registry-contract.ts';

export function pushSuite(withStore: UseStore): void {
  numberSuite(withStore);
  liveSuite(withStore);
  atomicSuite(withStore);
  repeatSuite(withStore);
}

function numberSuite(withStore: UseStore): void {
  it(
    'numbers versions 1, 2, 3 and puts latest and live on the newest',
    withStore(async (store) => {
      const registry = await store.open();
      assert.deepEqual(await pushAll(registry, 'add', ['a', 'b', 'c']), [1, 2, 3]);
      const record = await registry.find('add');
      assert.deepEqual(record?.versions, [1, 2, 3]);
      assert.deepEqual([record?.latest, record?.live, record?.latestVersion], [3, 3, 3]);
      assert.equal(record?.liveEpoch, (await registry.head()).epoch);
      const newestFirst = (await registry.versions('add')).map(({ version }) => version);
      assert.deepEqual(newestFirst, [3, 2, 1]);
    }),
  );

  it(
    'makes no version of what latest points at, and one of older content',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a', 'b']);
      const before = await registry.head();
      assert.deepEqual(await pushAll(registry, 'add', ['b']), [2]);
      assert.deepEqual(await registry.head(), before);
      assert.deepEqual(await pushAll(registry, 'add', ['a']), [3]);
      const [third, , first] = await registry.versions('add');
      assert.equal(third?.digest, first?.digest);
    }),
  );
}

function liveSuite(withStore: UseStore): void {
  it(
    'leaves live alone with updateExisting false, until the same is pushed without it',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a']);
      const { liveEpoch } = (await registry.find('add')) ?? {};
      await registry.push(request([item('add', 'b')], { updateExisting: false }));
      const quiet = await registry.find('add');
      assert.deepEqual([quiet?.latest, quiet?.live, quiet?.liveEpoch], [2, 1, liveEpoch]);
      const before = await registry.head();
      await registry.push(request([item('add', 'b')], { updateExisting: false }));
      assert.deepEqual(await registry.head(), before);
      assert.deepEqual(await pushAll(registry, 'add', ['b']), [2]);
      const loud = await registry.find('add');
      assert.deepEqual([loud?.latest, loud?.live, loud?.latestVersion], [2, 2, 2]);
      assert.equal(loud?.liveEpoch, (await registry.head()).epoch);
      assert.ok((loud?.liveEpoch ?? 0) > before.epoch);
    }),
  );

  it(
    'makes the first version live even with updateExisting false',
    withStore(async (store) => {
      const registry = await store.open();
      await registry.push(request([item('add', 'a')], { updateExisting: false }));
      const record = await registry.find('add');
      assert.deepEqual([record?.latest, record?.live], [1, 1]);
    }),
  );
}

function atomicSuite(withStore: UseStore): void {
  it(
    'refuses a push with REGISTRY_CONFLICT when expectLatest does not hold',
    withStore(async (store) => {
      const registry = await store.open();
      const code = 'SCATTER_ERR_REGISTRY_CONFLICT';
      const push = (content: string, expectLatest: number) =>
        registry.push(request([item('add', content, { expectLatest })]));
      await assert.rejects(push('a', 1), { code, function: 'add' });
      await push('a', 0);
      await assert.rejects(push('b', 0), { code });
      await push('b', 1);
      await assert.rejects(push('c', 1), { code, version: 2 });
      await registry.delete('add', 'tester');
      await push('d', 0);
      assert.equal((await registry.find('add'))?.latest, 3);
    }),
  );

  it(
    'pushes all functions of a request or none',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'one', ['a']);
      const before = await registry.head();
      const items = [item('two', 'a'), item('one', 'b', { expectLatest: 7 }), item('three', 'a')];
      await assert.rejects(registry.push(request(items)), {
        code: 'SCATTER_ERR_REGISTRY_CONFLICT',
      });
      assert.deepEqual(await registry.head(), before);
      assert.equal(await registry.find('two'), undefined);
      const made = await registry.push(
        request([item('two', 'a'), item('one', 'a'), item('one', 'b')]),
      );
      assert.deepEqual(
        made.map(({ name, version }) => [name, version]),
        [
          ['two', 1],
          ['one', 1],
          ['one', 2],
        ],
      );
    }),
  );
}

function repeatSuite(withStore: UseStore): void {
  it(
    'answers a push that comes again as the first time, whatever happened since',
    withStore(async (store) => {
      const registry = await store.open();
      const again = request([item('add', 'a'), item('sub', 'a')]);
      const first = await registry.push(again);
      await pushAll(registry, 'add', ['b']);
      await registry.delete('sub', 'tester');
      const before = await registry.head();
      assert.deepEqual(await (await store.open()).push(again), first);
      assert.deepEqual(await registry.head(), before);
    }),
  );

  it(
    'refuses a malformed name with REF_INVALID, and takes an empty push',
    withStore(async (store) => {
      const registry = await store.open();
      await assert.rejects(registry.push(request([item('a@b', 'a')])), {
        code: 'SCATTER_ERR_REF_INVALID',
      });
      assert.deepEqual(await registry.push(request([])), []);
      assert.equal((await registry.head()).epoch, 0);
    }),
  );
}
