import assert from 'node:assert/strict';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { item, request } from '../contract/push-requests.ts';
import { ended, startProgram } from './sqlite-program.ts';
import { withFolder } from './temporary-folder.ts';

describe('sqlite file', () => {
  it(
    'is made with its folder for the owner only, and so are the files beside it',
    withFolder(async (folder) => {
      const registry = await openSqlite(join(folder, 'a', 'b', 'scatter.db'), 'default');
      await registry.push(request([item('add', 'a')]));
      const parent = join(folder, 'a', 'b');
      const names = await readdir(parent);
      assert.deepEqual(names.sort(), ['scatter.db', 'scatter.db-shm', 'scatter.db-wal']);
      for (const name of names) {
        assert.equal((await stat(join(parent, name))).mode & 0o777, 0o600, name);
      }
      for (const made of [parent, join(folder, 'a')]) {
        assert.equal((await stat(made)).mode & 0o777, 0o700);
      }
      await registry.close();
      assert.deepEqual(await readdir(parent), ['scatter.db']);
    }),
  );

  it(
    'that was removed and made again is followed: new generation, a hint, own writes go to it',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      const stayed = await openSqlite(path, 'default');
      await stayed.push(request([item('add', 'old')]));
      const before = await stayed.head();
      await rm(path);
      const hint = Promise.withResolvers<void>();
      stayed.watch(hint.resolve);
      const alive = setInterval(() => undefined, 1000);
      const fresh = await openSqlite(path, 'default');
      await fresh.push(request([item('add', 'new'), item('sub', 'new')]));
      await hint.promise;
      clearInterval(alive);
      const { head, names } = await stayed.changes(before);
      assert.notEqual(head.generation, before.generation);
      assert.equal(names, 'all');
      assert.equal((await stayed.list()).length, 2);
      const [made] = await stayed.push(request([item('add', 'newer')]));
      assert.deepEqual(await fresh.version('add', 2), made);
      await Promise.all([stayed.close(), fresh.close()]);
    }),
  );

  it(
    'waits for the locks of others without blocking the event loop',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      const registry = await openSqlite(path, 'default');
      const other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      let turns = 0;
      const push = registry.push(request([item('add', 'a')]));
      const closing = registry.close();
      const turning = setInterval(() => {
        turns += 1;
        if (turns === 20) other.exec('COMMIT');
      }, 1);
      const [made] = await push;
      assert.equal(made?.version, 1);
      assert.ok(turns >= 20);
      clearInterval(turning);
      await closing;
      other.close();
    }),
  );

  it(
    'that others keep locked is REGISTRY_UNREACHABLE, which is retryable, in the end',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      const registry = await openSqlite(path, 'default');
      const other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      await assert.rejects(registry.push(request([item('add', 'a')])), {
        code: 'SCATTER_ERR_REGISTRY_UNREACHABLE',
        retryable: true,
      });
      assert.deepEqual(await registry.list(), []);
      other.close();
      await registry.push(request([item('add', 'a')]));
      await registry.close();
    }),
  );

  it(
    'keeps no program alive, watched or not closed',
    withFolder(async (folder) => {
      const child = startProgram('left-open.program.ts', [join(folder, 'scatter.db')]);
      assert.deepEqual(await ended(child), { code: 0, signal: null, stdout: 'end\n', stderr: '' });
    }),
  );
});
