import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { capture } from '../../src/capture/index.ts';
import { encodeArtifact } from '../../src/registry/artifact-blob.ts';
import { travellingTables } from './cases.ts';
import { price as here } from './fixtures/moved-here.mjs';
import { price as there } from './fixtures/moved-there.mjs';

const PROGRAM = fileURLToPath(new URL('./print-digests.program.ts', import.meta.url));

test('every row has the same digest in another process, folder and order', () => {
  const first = printDigests(process.cwd(), 'forward');
  const second = printDigests(tmpdir(), 'reversed');
  assert.ok(Object.keys(first).length > 300);
  assert.deepEqual(second, first);
});

test('every row has the same bytes when it is captured twice', async () => {
  for (const { file, rows } of await travellingTables()) {
    for (const [title, [fn]] of Object.entries(rows)) {
      const first = encodeArtifact(await capture(fn));
      assert.deepEqual(encodeArtifact(await capture(fn)), first, `${file}: ${title}`);
    }
  }
});

test('no path of this machine is in an artifact', async () => {
  for (const { file, rows } of await travellingTables()) {
    for (const [title, [fn]] of Object.entries(rows)) {
      const text = JSON.stringify(await capture(fn));
      assert.ok(!text.includes(process.cwd()), `${file}: ${title}`);
    }
  }
});

test('a function that moved within its file keeps its code, and only its origin changes', async () => {
  const before = await capture(here);
  const after = await capture(there);
  assert.equal(before.code, after.code);
  assert.notDeepEqual(before.origin.map, after.origin.map);
});

function printDigests(cwd: string, order: string): Record<string, string> {
  const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, order], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as Record<string, string>;
}
