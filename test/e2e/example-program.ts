import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of the repository in a process group of its own, and checks that when it has ended
 * none of its processes is left, and none of its temporary files. `onOutput` sees all of stdout so
 * far, each time that there is more.
 */
export async function runExample(
  file: string,
  args: readonly string[] = [],
  onOutput?: (stdout: string, child: ChildProcess) => void,
): Promise<Run> {
  const temporary = await mkdtemp(join(tmpdir(), 'scatter-e2e-'));
  try {
    const program = fileURLToPath(new URL(`../../${file}`, import.meta.url));
    const { SCATTER_URL, SCATTER_ISOLATION, ...env } = process.env;
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, TMPDIR: temporary },
      detached: true,
    });
    const run = await collect(child, onOutput);
    await groupGone(child);
    assert.deepEqual(await readdir(temporary), [], 'it removed its temporary files');
    return run;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

/** As the terminal does it for Ctrl-C: to every process of the group. */
export function interruptGroup(child: ChildProcess): void {
  process.kill(-groupOf(child), 'SIGINT');
}

export function linesOf({ stdout }: Run): string[] {
  return stdout.trimEnd().split('\n');
}

async function collect(
  child: ChildProcess,
  onOutput?: (stdout: string, child: ChildProcess) => void,
): Promise<Run> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    onOutput?.(stdout, child);
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve).once('error', reject);
  });
  return { code, stdout, stderr };
}

/** A process that was killed takes a moment until the system has forgotten it. */
async function groupGone(child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (groupExists(groupOf(child))) {
    assert.ok(performance.now() < deadline, 'a process of the program was left running');
    await setImmediate();
  }
}

function groupExists(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

function groupOf(child: ChildProcess): number {
  assert.ok(child.pid !== undefined, 'the program was started');
  return child.pid;
}
