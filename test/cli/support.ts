import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createScatter, type Scatter } from '../../src/index.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line on one registry, as a process of its own; without a terminal. */
export interface CommandLine {
  (...args: string[]): CommandRun;
  start(...args: string[]): ChildProcessWithoutNullStreams;
}

/** A registry of its own with `price` at version 2 of 2, and the command line on it. */
export function priceRegistry(): Promise<CommandLine> {
  return registryWith(async (scatter) => {
    await scatter.track((net: number) => net, { name: 'price' }).push({ message: 'first' });
    await scatter.track((net: number) => net * 2, { name: 'price' }).push();
  });
}

/** A registry of its own that `fill` has written to, and the command line on it. */
export async function registryWith(
  fill: (scatter: Scatter) => Promise<void>,
): Promise<CommandLine> {
  const folder = mkdtempSync(join(tmpdir(), 'scatter-cli-'));
  after(() => rmSync(folder, { recursive: true }));
  const url = `sqlite:${join(folder, 'registry.db')}`;
  await using scatter = createScatter({ url });
  await fill(scatter);
  const env = { ...process.env, SCATTER_URL: url, SCATTER_AUTHOR: 'tester' };
  const run = (...args: string[]): CommandRun => {
    const given = { encoding: 'utf8', env, input: '' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], given);
    return { code: status, stdout, stderr };
  };
  const start = (...args: string[]) => spawn(process.execPath, [MAIN, ...args], { env });
  return Object.assign(run, { start });
}
