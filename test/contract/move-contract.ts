/** What moves `latest`, `live` and aliases without making a version. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { item, pushAll, request } from './push-requests.ts';
import type { UseStore } from './registry-contract.ts';

export function moveSuite(withStore: UseStore): void {
  moveAllSuite(withStore);
  rollbackSuite(withStore);
  aliasSuite(withStore);
}

function moveAllSuite(withStore: UseStore): void {
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
}

function rollbackSuite(withStore: UseStore): void {
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
}

function aliasSuite(withStore: UseStore): void {
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
