import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createScatter } from '../../src/index.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A registry of its own with `price` at version 2 of 2, and the command line on it. */
export async function priceRegistry(): Promise<(...args: string[]) => CommandRun> {
  const folder = mkdtempSync(join(tmpdir(), 'scatter-cli-'));
  after(() => rmSync(folder, { recursive: true }));
  const url = `sqlite:${join(folder, 'registry.db')}`;
  await using scatter = createScatter({ url });
  await scatter.track((net: number) => net, { name: 'price' }).push({ message: 'first' });
  await scatter.track((net: number) => net * 2, { name: 'price' }).push();
  return (...args) => {
    const env = { ...process.env, SCATTER_URL: url, SCATTER_AUTHOR: 'tester' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      encoding: 'utf8',
      env,
      input: '',
    });
    return { code: status, stdout, stderr };
  };
}
