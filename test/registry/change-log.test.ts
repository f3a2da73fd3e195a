import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { LOG_CAPACITY } from '../../src/registry/change-set.ts';
import { openMemory } from '../../src/registry/memory.ts';
import type { Registry } from '../../src/registry/registry.ts';
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
