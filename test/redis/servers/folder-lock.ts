import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { isAlive } from './is-alive.ts';
import { until } from './until.ts';

/** A holder that is older than this is taken for hung, or for one of another machine. */
const STALE_MS = 300_000;

/** Runs the work while no other process of this machine runs work under the same lock file. */
export async function withFolderLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await until(`the lock ${file}`, () => acquire(file), { withinMs: 2 * STALE_MS, everyMs: 50 });
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<true | undefined> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    // Two waiters may both find it stale and one remove the other's fresh lock. Then both unpack,
    // which is only slower: what they unpack is put in place by one rename.
    if (await isStale(file)) await rm(file, { force: true });
    return undefined;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    const holder = Number.parseInt(await readFile(file, 'utf8'), 10);
    return Date.now() - mtimeMs > STALE_MS || (holder > 0 && !isAlive(holder));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
