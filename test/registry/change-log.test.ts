import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { LOG_CAPACITY } from '../../src/registry/change-set.ts';
import { openMemory } from '../../src/registry/memory.ts';
import { MAX_CHANGES, type Registry } from '../../src/registry/registry.ts';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { item, request } from '../contract/push-requests.ts';
import { withFolder } from './temporary-folder.ts';

const BATCH = 1000;

describe('change log', () => {
  it('of memory keeps a bounded number of entries', async () => {
    await checkCap(await openMemory('', 'default'));
  });

  it(
    'of sqlite keeps a bounded number of entries',
    withFolder(async (folder) => {
      await checkCap(await openSqlite(join(folder, 'scatter.db'), 'default'));
    }),
  );

  it(
    'of sqlite is read up to a bound: who is farther behind reads everything',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      const registry = await openSqlite(path, 'default');
      try {
        await registry.push(request([item('f', 'a')]));
        const { generation, epoch } = await registry.head();
        const first = { generation, epoch };
        // As somebody who can write to the file does.
        const database = new DatabaseSync(path);
        database.exec(`INSERT INTO change
          WITH RECURSIVE n(number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM n LIMIT ${MAX_CHANGES + 1})
          SELECT 'default', number, number, 'f' || (number % 7), 'push', 1, NULL, 1, 'a', NULL FROM n`);
        database.exec(`UPDATE namespace SET epoch = ${MAX_CHANGES + 2}`);
        database.close();
        assert.equal((await registry.changes(first)).names, 'all');
        const later = await registry.changes({ ...first, epoch: 2 });
        assert.equal(later.names.length, 7);
      } finally {
        await registry.close();
      }
    }),
  );
});

async function checkCap(registry: Registry): Promise<void> {
  try {
    const oldest = await registry.head();
    const forgotten = request(batch(0));
    await registry.push(forgotten);
    const kept = await registry.head();
    const remembered = request(batch(1));
    const answer = await registry.push(remembered);
    for (let round = 2; round <= LOG_CAPACITY / BATCH; round++) {
      await registry.push(request(batch(round)));
    }
    assert.equal((await registry.changes(oldest)).names, 'all');
    assert.equal((await registry.changes(kept)).names.length, BATCH);
    assert.equal((await registry.log({ limit: LOG_CAPACITY * 2 })).length, LOG_CAPACITY);
    const { epoch } = await registry.head();
    assert.deepEqual(await registry.push(remembered), answer);
    assert.equal((await registry.head()).epoch, epoch);
    await registry.push(forgotten);
    assert.equal((await registry.head()).epoch, epoch + 1);
  } finally {
    await registry.close();
  }
}

function batch(round: number) {
  return Array.from({ length: BATCH }, (_, i) => item(`f${i}`, `round ${round}`));
}
