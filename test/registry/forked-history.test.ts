/** A registry that went back to an earlier state and grew again: readers of the other future see it. */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openRedis } from '../../src/registry/redis.ts';
import { hasLostWrites, type Registry } from '../../src/registry/registry.ts';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { item, pushAll, request } from '../contract/push-requests.ts';
import { persistent, startRedis } from '../redis/servers/server.ts';
import { withFolder } from './temporary-folder.ts';

describe('a registry that went back in time', () => {
  it(
    'sqlite: a backup that was restored, and grew to the same epoch, says all and forked',
    withFolder(async (folder) => {
      const file = join(folder, 'scatter.db');
      const backup = join(folder, 'backup.db');
      await withSqlite(file, (registry) => pushAll(registry, 'add', ['a']));
      await copyFile(file, backup);
      const seen = await withSqlite(file, async (registry) => {
        await pushAll(registry, 'add', ['b', 'c']);
        return registry.head();
      });
      await copyFile(backup, file);
      await withSqlite(file, async (registry) => {
        const shrunk = await registry.changes(seen);
        assert.equal(shrunk.names, 'all');
        assert.ok(hasLostWrites(seen, shrunk));
        await untilLater(seen.mark);
        await pushAll(registry, 'add', ['x', 'y', 'z']);
        const grown = await registry.changes(seen);
        assert.deepEqual(grown, { head: await registry.head(), names: 'all', forked: true });
        assert.ok(hasLostWrites(seen, grown));
      });
    }),
  );

  it('redis: a dump that was restored, and grew again, says all and forked', async (t) => {
    await using server = await startRedis({ config: { ...persistent, appendonly: 'no' } });
    const registry = openRedis(server.url, 'default');
    t.after(() => registry.close());
    await pushAll(registry, 'add', ['a']);
    await server.command('SAVE');
    await pushAll(registry, 'add', ['b']);
    await registry.push(request([item('add', 'c'), item('sub', 'c')]));
    const seen = await registry.head();
    await server.restart();
    const shrunk = await registry.changes(seen);
    assert.equal(shrunk.names, 'all');
    assert.ok(hasLostWrites(seen, shrunk));
    await pushAll(registry, 'add', ['x', 'y']);
    for (const contents of [[], ['z', 'w']]) {
      await pushAll(registry, 'add', contents);
      const grown = await registry.changes(seen);
      assert.deepEqual(grown, { head: await registry.head(), names: 'all', forked: true });
      assert.ok(hasLostWrites(seen, grown));
    }
  });

  it('redis: one whose data is gone says all, and a first write begins another generation', async (t) => {
    await using server = await startRedis();
    const registry = openRedis(server.url, 'default');
    t.after(() => registry.close());
    const nothing = await registry.head();
    await pushAll(registry, 'add', ['a', 'b']);
    const fresh = await registry.changes(nothing);
    assert.deepEqual(fresh.names, ['add']);
    assert.ok(!hasLostWrites(nothing, fresh), 'nothing was there before');
    const seen = await registry.head();
    await server.restart({ loseData: true });
    const emptied = await registry.changes(seen);
    assert.deepEqual(emptied, { head: nothing, names: 'all' });
    assert.ok(hasLostWrites(seen, emptied));
    await pushAll(registry, 'add', ['a', 'b']);
    const made = await registry.changes(seen);
    assert.equal(made.names, 'all');
    assert.notEqual(made.head.generation, seen.generation);
    assert.ok(hasLostWrites(seen, made));
    assert.deepEqual((await registry.changes(nothing)).names, ['add']);
  });
});

async function withSqlite<T>(file: string, use: (registry: Registry) => Promise<T>): Promise<T> {
  const registry = await openSqlite(file, 'default');
  try {
    return await use(registry);
  } finally {
    await registry.close();
  }
}

/** The mark of an SQLite registry is a time in ms: two writes in one are told apart by nothing. */
async function untilLater(mark: string | undefined): Promise<void> {
  while (Date.now() <= Number(mark)) await new Promise((resolve) => setImmediate(resolve));
}
