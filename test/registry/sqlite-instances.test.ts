import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { InstanceReport } from '../../src/model/instance-report.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { SqliteFile } from '../../src/registry/sqlite-file.ts';
import { withFolder } from './temporary-folder.ts';

const LONG_MS = 600_000;

describe('instances in an sqlite registry', () => {
  it(
    'are none in a registry of before there were any, and can be announced in it',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      await using registry = await opened(path);
      await registry.announce(report('one'), LONG_MS);
      usingDatabase(path, (database) => database.exec('DROP TABLE instance'));
      assert.deepEqual(await registry.instances(), []);
      await registry.withdraw('one');
      await registry.announce(report('two'), LONG_MS);
      assert.deepEqual(await registry.instances(), [report('two')]);
    }),
  );

  it(
    'are shown without those whose report is damaged',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      await using registry = await opened(path);
      await registry.announce(report('one'), LONG_MS);
      await registry.announce(report('two'), LONG_MS);
      usingDatabase(path, (database) =>
        database.exec("UPDATE instance SET report = substr(report, 9) WHERE id = 'one'"),
      );
      assert.deepEqual(await registry.instances(), [report('two')]);
    }),
  );

  it(
    'are removed when somebody announces after their time',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      await using registry = await opened(path);
      await registry.announce(report('one'), -1);
      await registry.announce(report('two'), LONG_MS);
      usingDatabase(path, (database) => {
        const ids = database.prepare('SELECT id FROM instance').all();
        assert.deepEqual(
          ids.map(({ id }) => id),
          ['two'],
        );
      });
    }),
  );
});

it(
  'a note does not wait for the disk, and what is written after it does, also after one that failed',
  withFolder(async (folder) => {
    const { promise, resolve } = Promise.withResolvers<DatabaseSync>();
    const file = new SqliteFile(join(folder, 'scatter.db'), (path) => {
      const database = new DatabaseSync(path);
      database.exec('PRAGMA synchronous = FULL');
      resolve(database);
      return database;
    });
    await file.read('opening', () => undefined);
    const database = await promise;
    const level = () => database.prepare('PRAGMA synchronous').get()?.['synchronous'];
    const [normal, full] = [1, 2];
    assert.equal(await file.note('noting', level), normal);
    assert.equal(await file.write('writing', level), full);
    const failing = file.note('noting', () => assert.fail('on purpose'));
    await assert.rejects(failing, /on purpose/);
    assert.equal(await file.write('writing', level), full);
    await file.close();
  }),
);

async function opened(path: string): Promise<Registry & AsyncDisposable> {
  const registry = await openSqlite(path, 'default');
  return Object.assign(registry, { [Symbol.asyncDispose]: () => registry.close() });
}

function usingDatabase(path: string, use: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path);
  try {
    use(database);
  } finally {
    database.close();
  }
}

function report(id: string): InstanceReport {
  return {
    id,
    host: 'web-1',
    pid: 4711,
    startedAt: new Date(1_760_000_000_000),
    scatter: '0.1.0',
    generation: 'a generation',
    epoch: 7,
    functions: [],
  };
}
