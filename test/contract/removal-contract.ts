/** Deleting functions and pruning versions. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { item, pushAll, request } from './push-requests.ts';
import type { UseStore } from './registry-contract.ts';

export function removalSuite(withStore: UseStore): void {
  deleteSuite(withStore);
  pruneSuite(withStore);
}

function deleteSuite(withStore: UseStore): void {
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
}

function pruneSuite(withStore: UseStore): void {
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
