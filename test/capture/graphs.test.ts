import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { BatchReport } from './graphs/batch-report.ts';

const BATCHES = 25;
// Few enough for a capture to remember all files of a batch: reading them again takes most of the time.
const GRAPHS_EACH = 40;
const FIRST_SEED = 20_260_101;

const folder = mkdtempSync(join(tmpdir(), 'scatter-graphs-'));
after(() => rmSync(folder, { recursive: true }));
const reports: BatchReport[] = [];

describe('an edit changes the digests of exactly the functions that reach it', {
  concurrency: availableParallelism(),
}, () => {
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const seed = FIRST_SEED + batch;
    test(`${GRAPHS_EACH} module graphs of seed ${seed}`, async () => {
      const place = join(folder, `${seed}`);
      mkdirSync(place);
      const args = [place, `${seed}`, `${GRAPHS_EACH}`];
      const report = (await printedBy('batch', args)) as BatchReport;
      assert.equal(report.runs, GRAPHS_EACH);
      reports.push(report);
    });
  }
});

test('the edits changed many functions and left many alone', () => {
  const changed = reports.reduce((sum, report) => sum + report.changed, 0);
  const kept = reports.reduce((sum, report) => sum + report.kept, 0);
  assert.ok(changed > 300 && kept > 300, `${changed} changed, ${kept} kept`);
});

test('another process in another folder gives the same digests', async () => {
  const samples = reports.flatMap((report) => report.samples);
  assert.equal(samples.length, (BATCHES * GRAPHS_EACH) / 20);
  const list = join(folder, 'samples.json');
  writeFileSync(list, JSON.stringify(samples));
  assert.deepEqual(
    await printedBy('digests', [list]),
    samples.map(({ digests }) => digests),
  );
});

/** Runs a program of `graphs/` elsewhere, and reads the JSON that it prints. */
async function printedBy(program: string, args: readonly string[]): Promise<unknown> {
  const path = fileURLToPath(new URL(`./graphs/${program}.program.ts`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { cwd: folder });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  await once(child, 'close');
  assert.equal(output.stderr, '');
  return JSON.parse(output.stdout) as unknown;
}
