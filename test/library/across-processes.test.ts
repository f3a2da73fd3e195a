import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createScatter, type Scatter } from '../../src/index.ts';
import { isAlive, until } from '../pool/support.ts';
import { withFolder } from '../registry/temporary-folder.ts';
import { silentLogger } from './support.ts';

interface Program {
  readonly child: ChildProcess;
  /** Its next line of output; undefined at the end. */
  line(): Promise<Record<string, unknown> | undefined>;
  /** Resolves to how it ended. */
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>;
}

function start(path: string, ...args: string[]): Program {
  const program = fileURLToPath(new URL('server.program.ts', import.meta.url));
  const child = spawn(process.execPath, [program, path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'close').then(() => [child.exitCode, child.signalCode] as const);
  const line = async (): Promise<Record<string, unknown> | undefined> => {
    const { done, value } = await lines.next();
    return done === true ? undefined : (JSON.parse(value) as Record<string, unknown>);
  };
  return { child, line, ended };
}

/** Gives a test a registry in a file, an instance on it and programs that are gone afterwards. */
function withRegistry(
  run: (scatter: Scatter, start: (...args: string[]) => Program) => Promise<void>,
): () => Promise<void> {
  return withFolder(async (folder) => {
    const path = join(folder, 'registry.db');
    const programs: Program[] = [];
    const scatter = createScatter({
      url: `sqlite:${path}`,
      pool: { threads: 1 },
      logger: silentLogger,
    });
    try {
      await run(scatter, (...args) => {
        const program = start(path, ...args);
        programs.push(program);
        return program;
      });
    } finally {
      for (const { child } of programs) child.kill('SIGKILL');
      await Promise.all(programs.map(({ ended }) => ended));
      await scatter.close();
    }
  });
}

async function pushVersion(scatter: Scatter, version: number): Promise<void> {
  const fn = scatter.track((argument: number) => [version, argument], { name: 'f' });
  assert.equal((await fn.push()).version, version);
  await fn.release();
}

test(
  'two processes under load serve each of 20 pushes and lose no call',
  withRegistry(async (scatter, startProgram) => {
    await pushVersion(scatter, 1);
    const programs = [startProgram('load', '21'), startProgram('load', '21')];
    for (const { line } of programs) assert.deepEqual(await line(), { ready: 1 });
    for (let version = 2; version <= 21; version += 1) await pushVersion(scatter, version);
    for (const { line, ended } of programs) {
      const { calls, ...rest } = (await line()) ?? {};
      assert.deepEqual(rest, { wrong: 0, highest: 21 });
      assert.ok(typeof calls === 'number' && calls > 0);
      assert.deepEqual(await ended, [0, null]);
    }
  }),
);

test(
  'a program that never calls cleanup() ends when nothing is pending',
  withRegistry(async (scatter, startProgram) => {
    await pushVersion(scatter, 1);
    const { line, ended } = startProgram('once');
    assert.deepEqual(await line(), { result: [1, 1] });
    assert.deepEqual(await ended, [0, null]);
  }),
);

test(
  'a program with calls pending waits for them and then ends',
  withRegistry(async (scatter, startProgram) => {
    const slow = (n: number): Promise<unknown> =>
      new Promise((resolve) => setTimeout(resolve, 300, n));
    await scatter.track(slow, { name: 'f' }).push();
    const { line, ended } = startProgram('pending');
    assert.deepEqual(await line(), { result: 1 });
    assert.deepEqual(await ended, [0, null]);
  }),
);

test(
  'after kill -9 of a host its executor is gone',
  withRegistry(async (scatter, startProgram) => {
    await pushVersion(scatter, 1);
    const { child, line, ended } = startProgram('stay');
    const { pids } = (await line()) ?? {};
    assert.ok(Array.isArray(pids) && pids.length === 1 && isAlive(Number(pids[0])));
    child.kill('SIGKILL');
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    await until(() => pids.every((pid) => !isAlive(Number(pid))), 'the executor is gone');
  }),
);
