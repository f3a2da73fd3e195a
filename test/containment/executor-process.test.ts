/** The process around the isolates: the seat belt for whoever got out of one. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { executorFlags } from '../../src/pool/executor-flags.ts';
import { startArena } from './support.ts';

process.env['SCATTER_TEST_SECRET'] = 'a secret of the host';
const arena = startArena();
const isLinux = process.platform === 'linux';

async function pidOfExecutor(): Promise<number> {
  const [pid = 0] = (await arena.scatter.stats()).pids;
  return pid;
}

/** Runs code with the flags of an executor, on its main thread and on a worker; gives the codes of what it throws. */
function codesOf(code: string): string[] {
  const tried = `(() => { try { ${code}; return 'done'; } catch (error) { return error.code ?? String(error); } })()`;
  const program = `
    const { Worker } = require('node:worker_threads');
    console.log(${tried});
    new Worker(${JSON.stringify(`console.log(${tried})`)}, { eval: true });`;
  const flags = executorFlags();
  const printed = execFileSync(process.execPath, [...flags, '-e', program], { env: {} });
  return printed.toString().trim().split('\n');
}

const DENIED = ['ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED'];

test('an executor may read what it loads, and no other file', () => {
  assert.deepEqual(codesOf(`require('node:fs').readFileSync('/etc/passwd')`), DENIED);
  assert.deepEqual(codesOf(`require('node:fs').readdirSync('/')`), DENIED);
  assert.deepEqual(codesOf(`require('node:fs').readFileSync('/proc/self/environ')`), DENIED);
  assert.deepEqual(
    codesOf(`require('node:fs').readFileSync(${JSON.stringify(process.execPath)})`),
    DENIED,
  );
});

test('an executor may write no file, start no process and attach no debugger', () => {
  const file = JSON.stringify(`${tmpdir()}/scatter-must-not-be`);
  assert.deepEqual(codesOf(`require('node:fs').writeFileSync(${file}, '')`), DENIED);
  assert.deepEqual(codesOf(`require('node:child_process').execFileSync('/bin/true')`), DENIED);
  assert.deepEqual(codesOf(`new (require('node:inspector').Session)().connect()`), DENIED);
});

test('an executor has nothing of its host: no environment, no descriptor but its own', {
  skip: !isLinux,
}, async () => {
  const pid = await pidOfExecutor();
  assert.equal(readFileSync(`/proc/${pid}/environ`, 'utf8'), '');
  const files = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  const named = files.filter((file) => file.startsWith('/') && file !== '/dev/null');
  assert.equal(named.length, 1, named.join());
  assert.match(named[0] ?? '', /scatter-[\w-]+ \(deleted\)$/);
});

test('an executor writes for its owner only and goes first when the machine runs out of memory', {
  skip: !isLinux,
}, async () => {
  const pid = await pidOfExecutor();
  assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^Umask:\s+0077$/m);
  assert.equal(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim(), '1000');
});
