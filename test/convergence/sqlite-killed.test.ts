/** Programs that push to a file are killed in the middle of it, and others go on. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openRegistry } from '../../src/registry/open.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { withFolder } from '../registry/temporary-folder.ts';
import { itemOf } from './contents.ts';
import { Fleet } from './fleet.ts';
import { killWriter } from './killed-writer.ts';
import type { ModelPush } from './model.ts';
import { pushTo } from './real-world.ts';

const KILLS = 8;
const PUSHES = 40;

test(
  'a writer that is killed leaves each push wholly or not at all, and no subscriber behind',
  withFolder(async (folder) => {
    const file = join(folder, 'scatter.db');
    const place = { url: `sqlite:${file}`, namespace: 'default' };
    const registry = await openRegistry(place.url, place.namespace);
    try {
      let version = 1;
      await pushTo(registry, pushOf(version));
      await using fleet = await Fleet.start([place, place], ['first', 'second', 'first@1']);
      for (let kill = 0; kill < KILLS; kill++) {
        const pushes = Array.from({ length: PUSHES }, (_, index) => pushOf(version + index + 1));
        // At some time after one or a few, also in the middle of a transaction.
        const told = await killWriter(place, pushes, { done: 1 + (kill % 5), turns: 7 * kill });
        const done = await wholePushes(registry);
        assert.ok(done >= version + told.length, 'what was confirmed is there');
        await fleet.serves([contentOf(done), contentOf(done), contentOf(1)]);
        // Nobody knows whether the last ones were done: tried again, they get the same versions.
        const [last] = await pushTo(registry, pushOf(done));
        assert.equal(last?.version, done);
        const [next] = await pushTo(registry, pushOf(done + 1));
        assert.equal(next?.version, done + 1);
        version = done + 1;
        await fleet.serves([contentOf(version), contentOf(version), contentOf(1)]);
      }
      for (const { losses, troubles } of await fleet.heard()) {
        assert.deepEqual({ losses, troubles }, { losses: 0, troubles: [] });
      }
    } finally {
      await registry.close();
    }
    checkIntegrity(file);
  }),
);

/** How many pushes are there; half of one fails. */
async function wholePushes(registry: Registry): Promise<number> {
  const [first, second] = await registry.list();
  const done = first?.latestVersion ?? 0;
  const expected = Array.from({ length: done }, (_, index) => index + 1);
  assert.deepEqual([first?.versions, second?.versions], [expected, expected]);
  assert.equal((await registry.head()).epoch, done);
  for (const name of ['first', 'second']) {
    const digests = (await registry.versions(name)).map(({ digest }) => digest).reverse();
    const given = expected.map((version) => pushOf(version).items.map(itemOf)[0]?.digest);
    assert.deepEqual(digests, given);
  }
  return done;
}

function pushOf(version: number): ModelPush {
  const content = `content ${version}`;
  const items = ['first', 'second'].map((name) => ({ name, content }));
  return { id: content, items, updateExisting: true };
}

function contentOf(version: number): string {
  return `${version}: content ${version}`;
}

function checkIntegrity(file: string): void {
  const database = new DatabaseSync(file);
  try {
    const answer = database.prepare('PRAGMA integrity_check').get();
    assert.deepEqual({ ...answer }, { integrity_check: 'ok' });
  } finally {
    database.close();
  }
}
