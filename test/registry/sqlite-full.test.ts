import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { fill, pushPair } from './filler.ts';
import { ended } from './sqlite-program.ts';
import { withFolder } from './temporary-folder.ts';

const NEEDS = 'needs a POSIX shell';

describe('a full disk', () => {
  it(
    'under a quota is REGISTRY_FULL, and what was answered before is all there',
    { skip: process.platform === 'win32' ? NEEDS : false },
    withFolder(async (folder) => {
      const program = fileURLToPath(new URL('filler.program.ts', import.meta.url));
      // In blocks of 512 bytes: room for a few pushes.
      const command = 'ulimit -f 800 && exec "$0" "$@"';
      const args = ['-c', command, process.execPath, program, join(folder, 'scatter.db')];
      const child = spawn('sh', args, { stdio: ['ignore', 'pipe', 'pipe'] });
      assert.deepEqual(await ended(child), { code: 0, signal: null, stdout: '', stderr: '' });
    }),
  );

  it(
    'is REGISTRY_FULL, and the same registry writes again when there is room',
    withSmallDisk('2m', async (folder) => {
      const ballast = join(folder, 'ballast');
      await writeFile(ballast, Buffer.alloc(1024 * 1024));
      const registry = await openSqlite(join(folder, 'scatter.db'), 'default');
      try {
        assert.equal(await fill(registry), '');
        await rm(ballast);
        const { epoch } = await registry.head();
        await pushPair(registry, 'there is room');
        assert.equal((await registry.find('two'))?.latest, epoch + 1);
      } finally {
        await registry.close();
      }
    }),
  );

  it(
    'is REGISTRY_FULL when there is no room for a new registry',
    withSmallDisk('64k', async (folder) => {
      await writeFile(join(folder, 'ballast'), Buffer.alloc(64 * 1024));
      await assert.rejects(openSqlite(join(folder, 'scatter.db'), 'default'), {
        code: 'SCATTER_ERR_REGISTRY_FULL',
      });
    }),
  );
});

function withSmallDisk(
  size: string,
  test: (folder: string) => Promise<void>,
): (t: TestContext) => Promise<void> {
  return (t) =>
    withFolder(async (folder) => {
      const mount = ['-t', 'tmpfs', '-o', `size=${size}`, 'scatter-test', folder];
      if (spawnSync('mount', mount).status !== 0) return t.skip('only root may mount a small disk');
      try {
        await test(folder);
      } finally {
        spawnSync('umount', [folder]);
      }
    })();
}
