import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { capture } from '../../src/capture/index.ts';
import { price as here } from './fixtures/moved-here.mjs';
import { price as there } from './fixtures/moved-there.mjs';

const PRINT_CODES = fileURLToPath(new URL('./fixtures/print-codes.ts', import.meta.url));

test('the same function gives the same code in another process, folder and order', () => {
  const first = printCodes(process.cwd(), 'forward');
  const second = printCodes(tmpdir(), 'reversed');
  assert.ok(Object.keys(first).length > 30);
  assert.deepEqual(first, second);
});

test('a function that moved within its file keeps its code, and only its origin changes', async () => {
  const before = await capture(here);
  const after = await capture(there);
  assert.equal(before.code, after.code);
  assert.notDeepEqual(before.origin.map, after.origin.map);
});

test('capturing twice gives the same artifact', async () => {
  assert.deepEqual(await capture(here), await capture(here));
});

test('no path of this machine is in an artifact', async () => {
  assert.ok(!JSON.stringify(await capture(here)).includes(process.cwd()));
});

function printCodes(cwd: string, order: string): Record<string, string> {
  const { stdout, stderr } = spawnSync(process.execPath, [PRINT_CODES, order], {
    cwd,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as Record<string, string>;
}
