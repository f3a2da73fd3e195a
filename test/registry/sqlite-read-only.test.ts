import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import type { Registry } from '../../src/registry/registry.ts';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { item, request } from '../contract/push-requests.ts';
import { startProgram } from './sqlite-program.ts';
import { withFolder } from './temporary-folder.ts';

const READONLY = 'SCATTER_ERR_REGISTRY_READONLY';
const INVALID = 'SCATTER_ERR_CONFIG_INVALID';

const posix = process.platform === 'win32' ? 'permission bits are of POSIX' : false;

describe('a registry that may only be read', { skip: posix }, () => {
  for (const [what, fileMode, folderMode] of [
    ['file', 0o444, 0o777],
    ['folder', 0o666, 0o555],
    ['file and folder', 0o444, 0o555],
  ] as const) {
    it(
      `gives its functions and refuses writes with REGISTRY_READONLY: read-only ${what}`,
      withRegistry(async ({ folder, path, registry }) => {
        await registry.push(request([item('add', 'a')]));
        await registry.close();
        await chmod(path, fileMode);
        await chmod(folder, folderMode);
        await usingProgram(path, async (ask) => {
          assert.equal(await ask('names'), 'add');
          assert.equal(await ask('push sub'), READONLY);
          assert.equal(await ask('announce'), READONLY);
          assert.equal(await ask('instances'), '0');
          assert.equal(await ask('names'), 'add');
        });
      }),
    );
  }

  it(
    'follows a writer that is there, comes, goes and comes again',
    withRegistry(async ({ folder, path, registry }) => {
      await registry.push(request([item('a', 'a')]));
      await registry.close();
      // The files beside it get the permissions that it has when they are made.
      await chmod(path, 0o644);
      await chmod(folder, 0o755);
      await usingProgram(path, async (ask) => {
        await chmodOwn(folder, 0o555);
        assert.equal(await ask('names'), 'a');
        let expected = 'a';
        for (const name of ['b', 'c']) {
          await chmodOwn(folder, 0o755);
          const writer = await openSqlite(path, 'default');
          await writer.push(request([item(name, name)]));
          expected += ` ${name}`;
          assert.equal(await ask('names'), expected);
          await writer.close();
          await chmodOwn(folder, 0o555);
          assert.equal(await ask('names'), expected);
        }
        while ((await ask('hinted')) !== 'true');
      });
    }),
  );

  it(
    'is CONFIG_INVALID when it may not even be read, or is not there and cannot be made',
    withRegistry(async ({ folder, path, registry }) => {
      await registry.close();
      await chmod(path, 0);
      await chmod(folder, 0o555);
      for (const wanted of [path, join(folder, 'other.db'), join(folder, 'deep', 'other.db')]) {
        await usingProgram(wanted, async (ask) => {
          assert.equal(await ask('names'), INVALID);
          assert.equal(await ask('push add'), INVALID);
        });
      }
    }),
  );
});

interface Place {
  readonly folder: string;
  readonly path: string;
  readonly registry: Registry;
}

// One folder deeper, so that the outer one can be removed whatever the test did to the inner one.
function withRegistry(test: (place: Place) => Promise<void>): () => Promise<void> {
  return withFolder(async (outer) => {
    const folder = join(outer, 'inner');
    await chmod(outer, 0o755);
    await mkdir(folder);
    const path = join(folder, 'scatter.db');
    const registry = await openSqlite(path, 'default');
    try {
      await test({ folder, path, registry });
    } finally {
      await registry.close();
      await chmod(folder, 0o755);
    }
  });
}

// Root writes whatever the bits say; a writer of the same user as the reader needs them.
async function chmodOwn(folder: string, mode: number): Promise<void> {
  if (process.getuid?.() !== 0) await chmod(folder, mode);
}

async function usingProgram(
  path: string,
  test: (ask: (command: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const child = startProgram('unprivileged.program.ts', [path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = child;
  assert.ok(stdin && stdout);
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const end = once(child, 'close');
  try {
    await test(async (command) => {
      stdin.write(`${command}\n`);
      return (await lines.next()).value ?? assert.fail(`no answer to ${command}`);
    });
  } finally {
    stdin.end();
    await end;
  }
  assert.equal(child.exitCode, 0);
}
