import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** The value of `--url`, if it was given. @throws if it is no registry that programs can share */
export function parseRegistryUrl(): string | undefined {
  const { url } = parseArgs({ options: { url: { type: 'string' } } }).values;
  if (url === undefined || /^(sqlite|rediss?):/i.test(url)) return url;
  const [kind = 'no url'] = /^[a-z]+:/i.exec(url) ?? [];
  throw new Error(`--url is ${kind}; it must be sqlite:PATH or redis://HOST, to be shared`);
}

/** The url without user and password. */
export function shownUrl(url: string): string {
  return url.replace(/^(rediss?:)(\/\/)?.*@/is, '$1//');
}

/** Runs `use` with the registry at `url`, or with one in a temporary folder that is removed again. */
export async function withRegistry<T>(
  url: string | undefined,
  use: (url: string) => Promise<T>,
): Promise<T> {
  if (url !== undefined) return use(url);
  const folder = await mkdtemp(join(tmpdir(), 'scatter-'));
  try {
    return await use(`sqlite:${join(folder, 'scatter.db')}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
