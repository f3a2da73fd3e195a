/** Connections, namespaces, artifacts and names. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { isScatterError } from '../../src/errors.ts';
import { item, request } from './push-requests.ts';
import type { UseStore } from './registry-contract.ts';

export function storeSuite(withStore: UseStore): void {
  connectionSuite(withStore);
  namespaceSuite(withStore);
  nameSuite(withStore);
}

function connectionSuite(withStore: UseStore): void {
  it(
    'begins at epoch 0 and gives every connection the same generation',
    withStore(async (store) => {
      const [one, two] = [await store.open(), await store.open()];
      assert.deepEqual(await one.head(), await two.head());
      assert.equal((await one.head()).epoch, 0);
      assert.match((await one.head()).generation, /^\S+$/);
    }),
  );

  it(
    'shows what one connection wrote to all others at once',
    withStore(async (store) => {
      const [writer, reader] = [await store.open(), await store.open()];
      const [made] = await writer.push(request([item('add', 'one')], { message: 'first' }));
      assert.deepEqual(await reader.version('add', 1), made);
      assert.deepEqual(await reader.versions('add'), [made]);
      assert.deepEqual(await reader.find('add'), await writer.find('add'));
      assert.deepEqual(await reader.list(), await writer.list());
      assert.equal(made?.message, 'first');
      assert.equal(made?.author, 'tester');
      assert.deepEqual(made?.requires, ['db']);
    }),
  );

  it(
    'closes twice, and then refuses with POOL_CLOSED',
    withStore(async (store) => {
      const registry = await store.open();
      await registry.close();
      await registry.close();
      const code = 'SCATTER_ERR_POOL_CLOSED';
      await assert.rejects(registry.head(), { code });
      await assert.rejects(registry.push(request([item('add', 'a')])), { code });
    }),
  );
}

function namespaceSuite(withStore: UseStore): void {
  it(
    'keeps the bytes of an artifact apart from those of its callers',
    withStore(async (store) => {
      const registry = await store.open();
      const pushed = item('add', 'bytes');
      const original = Uint8Array.from(pushed.blob);
      await registry.push(request([pushed]));
      pushed.blob.fill(0);
      const first = await registry.artifact(pushed.digest);
      assert.deepEqual(Uint8Array.from(first ?? []), original);
      first?.fill(1);
      const second = await registry.artifact(pushed.digest);
      assert.deepEqual(Uint8Array.from(second ?? []), original);
      assert.equal(await registry.artifact('0'.repeat(64)), undefined);
    }),
  );

  it(
    'keeps namespaces apart: same names, own numbers, epochs, aliases and logs',
    withStore(async (store) => {
      const [ours, theirs] = [await store.open('ours'), await store.open('theirs')];
      const id = randomUUID();
      await ours.push(request([item('add', 'a')]));
      await ours.push(request([item('add', 'b')], { id }));
      await ours.setAlias('add', 'stable', 1, 'tester');
      assert.deepEqual(await theirs.list(), []);
      assert.equal((await theirs.head()).epoch, 0);
      assert.deepEqual(await theirs.log({ limit: 10 }), []);
      const [made] = await theirs.push(request([item('add', 'b')], { id }));
      assert.equal(made?.version, 1);
      await theirs.delete('add', 'tester');
      assert.equal((await ours.find('add'))?.latest, 2);
      assert.ok(await ours.artifact(item('add', 'b').digest));
    }),
  );
}

function nameSuite(withStore: UseStore): void {
  it(
    'takes names of any text, also those that objects and queries trip over',
    withStore(async (store) => {
      const registry = await store.open();
      const names = [
        'constructor',
        "x'; --",
        'GET /users/:id {a*b?}',
        'żółć 函数 🙂',
        '%_',
        'A',
        'a',
      ];
      await registry.push(request(names.map((name) => item(name, name))));
      const listed = (await registry.list()).map(({ name }) => name);
      assert.deepEqual(listed.sort(), [...names].sort());
      await registry.delete('A', 'tester');
      assert.deepEqual((await registry.names()).sort(), names.filter((one) => one !== 'A').sort());
      for (const name of names.filter((one) => one !== 'A')) {
        assert.equal((await registry.version(name, 1))?.name, name);
      }
      assert.equal(await registry.find('__proto__'), undefined);
      assert.deepEqual(await registry.versions('toString'), []);
    }),
  );

  it(
    'says which names come near when a name is not there',
    withStore(async (store) => {
      const registry = await store.open('shop');
      await registry.push(request([item('checkout', 'a')]));
      await assert.rejects(registry.moveAll('chekout', 1, 'tester'), (error) => {
        assert.ok(isScatterError(error, 'SCATTER_ERR_FUNCTION_NOT_FOUND'));
        assert.match(error.message, /`chekout`.*`shop`.*`checkout`/);
        assert.ok(error.message.includes(registry.url));
        return true;
      });
    }),
  );
}
