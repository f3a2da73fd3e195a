import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE_PARTS } from './cache-paths.ts';
import { isMissing } from './private-files.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What no program used for so long leaves the cache: 30 days. */
const MAX_AGE_MS = 30 * DAY_MS;

/** What artifacts may take in all, in bytes: 256 MiB. The least recently used ones go first. */
const MAX_BYTES = 256 * 1024 * 1024;

// Running programs mark what they use once a day.
const IN_USE_MS = 2 * DAY_MS;

interface Found {
  readonly path: string;
  readonly bytes: number;
  readonly ageMs: number;
}

/** Removes from a cache what nobody uses any more. */
export async function tidyCache(
  folder: string,
  { now = Date.now(), maxBytes = MAX_BYTES }: { now?: number; maxBytes?: number } = {},
): Promise<void> {
  const leftBehind = await listFiles(folder, now);
  for (const { path, ageMs } of leftBehind) {
    if (path.endsWith('.tmp') && ageMs > MAX_AGE_MS) await rm(path, { force: true });
  }
  for (const part of CACHE_PARTS) {
    const files = await listFiles(join(folder, part), now);
    const old = files.filter(({ ageMs }) => ageMs > MAX_AGE_MS);
    const tooMany = part === 'artifacts' ? overLimit(files, maxBytes) : [];
    for (const { path } of new Set([...old, ...tooMany])) await rm(path, { force: true });
  }
}

function overLimit(files: readonly Found[], maxBytes: number): Found[] {
  let bytes = 0;
  const newestFirst = files.toSorted((a, b) => a.ageMs - b.ageMs);
  return newestFirst.filter((file) => {
    bytes += file.bytes;
    return bytes > maxBytes && file.ageMs > IN_USE_MS;
  });
}

async function listFiles(folder: string, now: number): Promise<Found[]> {
  const found: Found[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(folder, entry.name);
    try {
      const { size, mtimeMs } = await stat(path);
      found.push({ path, bytes: size, ageMs: now - mtimeMs });
    } catch (error) {
      // Another program was faster.
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}
