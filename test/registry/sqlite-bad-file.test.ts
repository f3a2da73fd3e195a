import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { type ErrorCode, isScatterError } from '../../src/errors.ts';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { item, request } from '../contract/push-requests.ts';
import { withFolder } from './temporary-folder.ts';

describe('opening a file that is no registry', () => {
  for (const [what, content] of [
    ['a short text', 'hello'],
    ['a long text', 'hello '.repeat(10_000)],
  ] as const) {
    it(
      `${what} is CONFIG_INVALID, and is left alone`,
      withFolder(async (folder) => {
        const path = join(folder, 'notes.txt');
        await writeFile(path, content);
        await assertRefused(path, 'SCATTER_ERR_CONFIG_INVALID', /not a database.*file of its own/);
        assert.equal(await readFile(path, 'utf8'), content);
      }),
    );
  }

  it(
    "another program's database is CONFIG_INVALID naming its tables, and is left alone",
    withFolder(async (folder) => {
      const path = join(folder, 'shop.db');
      execute(path, 'CREATE TABLE orders (id); PRAGMA user_version = 7');
      const before = await readFile(path);
      await assertRefused(path, 'SCATTER_ERR_CONFIG_INVALID', /another program.*`orders`/);
      assert.deepEqual(await readFile(path), before);
    }),
  );

  it(
    'the registry of a newer scatter is FORMAT_UNSUPPORTED',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      await (await openSqlite(path, 'default')).close();
      execute(path, 'PRAGMA user_version = 99');
      await assertRefused(path, 'SCATTER_ERR_FORMAT_UNSUPPORTED', /newer scatter.*99.*update/);
    }),
  );

  it(
    'a folder is CONFIG_INVALID, and so is a path through a file',
    withFolder(async (folder) => {
      await mkdir(join(folder, 'sub'));
      await assertRefused(join(folder, 'sub'), 'SCATTER_ERR_CONFIG_INVALID', /is a folder; name/);
      const file = join(folder, 'file');
      await writeFile(file, '');
      await assertRefused(join(file, 'x.db'), 'SCATTER_ERR_CONFIG_INVALID', /ENOTDIR|EEXIST/);
    }),
  );

  it('a path where no folder can be made is CONFIG_INVALID', async () => {
    await assertRefused('/proc/no/scatter.db', 'SCATTER_ERR_CONFIG_INVALID', /ENOENT|EACCES|EPERM/);
  });

  it(
    'an empty file becomes a registry',
    withFolder(async (folder) => {
      const path = join(folder, 'empty.db');
      await writeFile(path, '');
      const registry = await openSqlite(path, 'default');
      assert.deepEqual(await registry.list(), []);
      await registry.close();
    }),
  );

  it(
    'a registry that lost a table, or half its file, is REGISTRY_CORRUPT',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      await fill(path);
      const whole = await readFile(path);
      execute(path, 'DROP TABLE artifact');
      const reading = async () => {
        const registry = await openSqlite(path, 'default');
        try {
          await registry.list();
          await registry.artifact(item('add', 'a').digest);
        } finally {
          await registry.close();
        }
      };
      await assertCode(reading, 'SCATTER_ERR_REGISTRY_CORRUPT', /no such table/);
      await writeFile(path, whole.subarray(0, 4096 * 2));
      await assertCode(reading, 'SCATTER_ERR_REGISTRY_CORRUPT', /malformed/);
    }),
  );
});

async function fill(path: string): Promise<void> {
  const registry = await openSqlite(path, 'default');
  await registry.push(request([item('add', 'a')]));
  await registry.close();
}

function execute(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

function assertRefused(path: string, code: ErrorCode, message: RegExp): Promise<void> {
  return assertCode(() => openSqlite(path, 'default'), code, message);
}

async function assertCode(
  action: () => Promise<unknown>,
  code: ErrorCode,
  message: RegExp,
): Promise<void> {
  await assert.rejects(action, (error) => {
    assert.ok(isScatterError(error, code), String(error));
    assert.match(error.message, message);
    return true;
  });
}
