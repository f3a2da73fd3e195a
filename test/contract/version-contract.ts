/** Versions, aliases, `latest`, rollback and deletion, as the public contract has them. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Registry } from '../../src/registry/registry.ts';
import { item, request } from './push-requests.ts';
import type { UseStore } from './registry-contract.ts';

export function versionSuite(withStore: UseStore): void {
  pushSuite(withStore);
  moveSuite(withStore);
  removeSuite(withStore);
}

function pushSuite(withStore: UseStore): void {
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

function moveSuite(withStore: UseStore): void {
  it(
    'moveAll puts latest and live on a version, and changes nothing when they are there',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a', 'b', 'c']);
      await registry.moveAll('add', 1, 'tester');
      const moved = await registry.find('add');
      assert.deepEqual([moved?.latest, moved?.live, moved?.latestVersion], [1, 1, 3]);
      const before = await registry.head();
      await registry.moveAll('add', 1, 'tester');
      assert.deepEqual(await registry.head(), before);
      assert.deepEqual(await pushAll(registry, 'add', ['d']), [4]);
    }),
  );

  it(
    'moveAll to latest makes it live when it is not',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a']);
      await registry.push(request([item('add', 'b')], { updateExisting: false }));
      await registry.moveAll('add', 2, 'tester');
      const record = await registry.find('add');
      assert.deepEqual([record?.latest, record?.live], [2, 2]);
      assert.equal((await registry.rollback('add', 'tester')).version, 1);
    }),
  );

  it(
    'rollback goes to where latest was before, again and again, until nothing is left',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a', 'b', 'c']);
      await registry.moveAll('add', 1, 'tester');
      for (const expected of [3, 2, 1]) {
        const info = await registry.rollback('add', 'tester');
        assert.deepEqual(info, await registry.version('add', expected));
        const record = await registry.find('add');
        assert.deepEqual([record?.latest, record?.live], [expected, expected]);
      }
      const before = await registry.head();
      const code = 'SCATTER_ERR_VERSION_NOT_FOUND';
      await assert.rejects(registry.rollback('add', 'tester'), { code, function: 'add' });
      assert.deepEqual(await registry.head(), before);
    }),
  );

  it(
    'setAlias points an alias at a version, and changes nothing when it does',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a', 'b']);
      await registry.setAlias('add', 'constructor', 1, 'tester');
      await registry.setAlias('add', 'stable', 1, 'tester');
      await registry.setAlias('add', 'stable', 2, 'tester');
      const before = await registry.head();
      await registry.setAlias('add', 'stable', 2, 'tester');
      assert.deepEqual(await registry.head(), before);
      const record = await registry.find('add');
      assert.deepEqual(record?.aliases, { constructor: 1, stable: 2 });
      assert.deepEqual([record?.latest, record?.live], [2, 2]);
      const code = 'SCATTER_ERR_REF_INVALID';
      await assert.rejects(registry.setAlias('add', 'latest', 1, 'tester'), { code });
      await assert.rejects(registry.setAlias('add', '3', 1, 'tester'), { code });
    }),
  );

  it(
    'refuses a version that is not there with VERSION_NOT_FOUND',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a']);
      const code = 'SCATTER_ERR_VERSION_NOT_FOUND';
      for (const version of [0, 2]) {
        await assert.rejects(registry.moveAll('add', version, 'tester'), { code, version });
        await assert.rejects(registry.setAlias('add', 'x', version, 'tester'), { code, version });
      }
      assert.equal(await registry.version('add', 2), undefined);
      assert.equal((await registry.head()).epoch, 1);
    }),
  );
}

function removeSuite(withStore: UseStore): void {
  it(
    'a deleted function is gone, and its numbers are never given again',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a', 'b']);
      await registry.setAlias('add', 'stable', 1, 'tester');
      await registry.delete('add', 'tester');
      assert.equal(await registry.find('add'), undefined);
      assert.deepEqual(await registry.list(), []);
      assert.deepEqual(await registry.versions('add'), []);
      assert.equal(await registry.version('add', 1), undefined);
      assert.equal(await registry.artifact(item('add', 'a').digest), undefined);
      assert.deepEqual(await pushAll(registry, 'add', ['b']), [3]);
      const record = await registry.find('add');
      assert.deepEqual([record?.versions, record?.aliases], [[3], {}]);
      await assert.rejects(registry.rollback('add', 'tester'), {
        code: 'SCATTER_ERR_VERSION_NOT_FOUND',
      });
    }),
  );

  it(
    'what changes a name that is not there, or was deleted, is FUNCTION_NOT_FOUND',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'gone', ['a']);
      await registry.delete('gone', 'tester');
      const { epoch } = await registry.head();
      for (const name of ['gone', 'never']) {
        const expected = { code: 'SCATTER_ERR_FUNCTION_NOT_FOUND', function: name };
        await assert.rejects(registry.delete(name, 'tester'), expected);
        await assert.rejects(registry.moveAll(name, 1, 'tester'), expected);
        await assert.rejects(registry.rollback(name, 'tester'), expected);
        await assert.rejects(registry.setAlias(name, 'x', 1, 'tester'), expected);
        await assert.rejects(registry.prune(name, 9, [], 'tester'), expected);
      }
      assert.equal((await registry.head()).epoch, epoch);
    }),
  );

  it(
    'prune removes older versions but those that something points at, and says why',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a', 'b', 'c', 'd']);
      await registry.push(request([item('add', 'e')], { updateExisting: false }));
      await registry.setAlias('add', 'stable', 2, 'tester');
      const pruned = await registry.prune('add', 9, [3], 'tester');
      assert.deepEqual(pruned.removed, [1]);
      assert.deepEqual(pruned.kept, [
        { version: 2, reason: 'stable' },
        { version: 3, reason: 'in use' },
        { version: 4, reason: 'in use' },
        { version: 5, reason: 'latest' },
      ]);
      assert.deepEqual((await registry.find('add'))?.versions, [2, 3, 4, 5]);
      assert.equal(await registry.artifact(item('add', 'a').digest), undefined);
      assert.ok(await registry.artifact(item('add', 'b').digest));
      const before = await registry.head();
      assert.deepEqual(await registry.prune('add', 2, [], 'tester'), { removed: [], kept: [] });
      assert.deepEqual(await registry.head(), before);
    }),
  );

  it(
    'rollback skips versions that were pruned',
    withStore(async (store) => {
      const registry = await store.open();
      await pushAll(registry, 'add', ['a', 'b', 'c', 'd']);
      await registry.setAlias('add', 'keep', 1, 'tester');
      await registry.prune('add', 4, [], 'tester');
      assert.equal((await registry.rollback('add', 'tester')).version, 1);
    }),
  );

  it(
    'an artifact stays as long as one version has its content',
    withStore(async (store) => {
      const registry = await store.open();
      await registry.push(request([item('one', 'same'), item('two', 'same')]));
      const { digest } = item('one', 'same');
      await registry.delete('one', 'tester');
      assert.ok(await registry.artifact(digest));
      await registry.delete('two', 'tester');
      assert.equal(await registry.artifact(digest), undefined);
    }),
  );
}

/** Pushes one content after the other; the versions that came of it. */
async function pushAll(registry: Registry, name: string, contents: string[]): Promise<number[]> {
  const versions: number[] = [];
  for (const content of contents) {
    const [made] = await registry.push(request([item(name, content)]));
    if (made !== undefined) versions.push(made.version);
  }
  return versions;
}
