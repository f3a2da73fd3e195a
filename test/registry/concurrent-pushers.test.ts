import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { Registry } from '../../src/registry/registry.ts';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { item, request } from '../contract/push-requests.ts';
import { ended, startProgram } from './sqlite-program.ts';
import { withFolder } from './temporary-folder.ts';

const PUSHES = 4;

describe('concurrent pushers', () => {
  it(
    '50 of them in 4 processes make versions 1..N: none lost, none twice',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      const programs = [13, 13, 12, 12].map((pushers, i) =>
        ended(startProgram('pusher.program.ts', [path, `p${i}`, `${pushers}`, `${PUSHES}`])),
      );
      const results = await Promise.all(programs);
      assert.equal(results.map(({ stderr }) => stderr).join(''), '');
      const told = results.flatMap(({ stdout }) => stdout.trim().split('\n'));
      const registry = await openSqlite(path, 'default');
      try {
        assert.equal((await registry.versions('add')).length, 50 * PUSHES);
        assert.equal((await registry.versions('sub')).length, (50 * PUSHES) / 2);
        assert.deepEqual(told.sort(), (await storedLines(registry)).sort());
        assert.equal((await registry.head()).epoch, 50 * PUSHES);
        for (const record of await registry.list()) checkGapless(record.versions);
      } finally {
        await registry.close();
      }
    }),
  );

  it(
    'a process killed in the middle of writing leaves a consistent registry',
    withFolder(async (folder) => {
      const path = join(folder, 'scatter.db');
      for (const bytes of [1, 20_000, 100_000]) {
        const told = await killAfter(path, bytes);
        const registry = await openSqlite(path, 'default');
        try {
          const stored = new Set(await storedLines(registry));
          for (const line of told) assert.ok(stored.has(line), `${line} was answered and is there`);
          for (const record of await registry.list()) checkGapless(record.versions);
          const [made] = await registry.push(request([item('add', `after ${bytes}`)]));
          assert.equal(made?.version, (await registry.find('add'))?.versions.length);
        } finally {
          await registry.close();
        }
        checkIntegrity(path);
      }
    }),
  );
});

/** Lets a program push until it has told so many bytes, kills it, and gives the whole lines. */
async function killAfter(path: string, bytes: number): Promise<string[]> {
  const child = startProgram('pusher.program.ts', [path, `killed ${bytes}`, '4', '1000000']);
  const end = once(child, 'close');
  let told = '';
  child.stdout?.on('data', (chunk) => {
    told += chunk;
    if (told.length >= bytes) child.kill('SIGKILL');
  });
  await end;
  assert.equal(child.signalCode, 'SIGKILL');
  return told.split('\n').slice(0, -1);
}

async function storedLines(registry: Registry): Promise<string[]> {
  const versions = [...(await registry.versions('add')), ...(await registry.versions('sub'))];
  return versions.map(({ name, version, digest }) => `${name} ${version} ${digest}`);
}

function checkGapless(versions: readonly number[]): void {
  assert.deepEqual(
    versions,
    versions.map((_, i) => i + 1),
  );
}

function checkIntegrity(path: string): void {
  const database = new DatabaseSync(path);
  try {
    assert.deepEqual(
      { ...database.prepare('PRAGMA integrity_check').get() },
      { integrity_check: 'ok' },
    );
  } finally {
    database.close();
  }
}
