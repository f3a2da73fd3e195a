import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'scatter-bench-test-'));
const run = promisify(execFile);
// Far beyond what it needs: ends a run that does not end by itself, and so fails its test.
const LIMIT_MS = 120_000;

after(() => rmSync(folder, { recursive: true, force: true }));

test('the bench prints tables, writes its result as JSON and exits by itself', async () => {
  const file = join(folder, 'result.json');
  const { stdout } = await run(process.execPath, [MAIN, '--quick', '--json', file], {
    timeout: LIMIT_MS,
  });
  assert.match(stdout, /p50 µs/);
  const result = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual(Object.keys(result), ['machine', 'groups', 'ratios']);
  assert.deepEqual(Object.keys(result.groups), ['capture', 'overhead', 'registry', 'swap']);
  for (const line of Object.values(result.groups).flat()) assertCase(line);
  for (const name of [
    'captureSmallP50Ms',
    'awaitAfterVsBefore',
    'callSeqP50VsPiscina',
    'callThroughputVsPiscina',
    'callSyncP50VsPiscina',
    'swapP99Ms',
  ]) {
    assert.ok(result.ratios[name] > 0, `${name} is ${result.ratios[name]}`);
    assert.match(stdout, new RegExp(name));
  }
});

test('--only measures one group', async () => {
  const file = join(folder, 'one.json');
  await run(process.execPath, [MAIN, '--quick', '--only', 'overhead', '--json', file]);
  const result = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual(Object.keys(result.groups), ['overhead']);
  assert.equal('swapP99Ms' in result.ratios, false);
});

test('--only with an unknown group names the groups there are', async () => {
  await assert.rejects(run(process.execPath, [MAIN, '--only', 'nonsense']), {
    code: 2,
    stderr: /no group nonsense; there are capture, overhead, registry, swap/,
  });
});

function assertCase(line: unknown): void {
  assert.ok(typeof line === 'object' && line !== null);
  const { case: name, p50Us, p99Us, opsPerSec, samples } = line as Record<string, unknown>;
  assert.equal(typeof name, 'string');
  for (const number of [p50Us, p99Us, opsPerSec, samples]) {
    assert.ok(typeof number === 'number' && number > 0, `${name}: ${JSON.stringify(line)}`);
  }
  assert.ok(Number(p99Us) >= Number(p50Us), `${name}: p99 is below p50`);
}
