import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { ScatterError } from './errors.ts';
import type { CacheOptions } from './registry/cache/open-cached.ts';
import { scatterFolder } from './registry/open.ts';

/** What an instance keeps to start from while its registry is away. */
export interface CacheChoices {
  /**
   * Folder in which what runs here is kept, for when the registry is away; `false`: nothing is kept. Unused
   * with `memory:`, which is away only when the program is. A `sqlite:` registry is as near as a cache
   * would be, and has one only if this names it.
   *
   * @default `.scatter/cache` beside the nearest package.json for `redis:` and `rediss:`, else false
   */
  readonly cacheDir?: string | false;
  /**
   * File made by `scatter snapshot`, from which comes what the cache lacks while the registry is away;
   * `false`: none.
   *
   * @default $SCATTER_SNAPSHOT
   */
  readonly snapshot?: string | false;
}

/** @throws ScatterError `CONFIG_INVALID` */
export function resolveCache({ cacheDir, snapshot }: CacheChoices, url: string): CacheOptions {
  checkPath('cacheDir', cacheDir);
  checkPath('snapshot', snapshot);
  const [, scheme = ''] = /^([a-z]+):/i.exec(String(url).toLowerCase()) ?? [];
  if (scheme === 'memory') return { folder: undefined, snapshot: undefined };
  const file = snapshot ?? (process.env['SCATTER_SNAPSHOT'] || false);
  const folder = cacheDir ?? (/^rediss?$/.test(scheme) && join(scatterFolder(), 'cache'));
  return { folder: absolute(folder), snapshot: absolute(file) };
}

// Programs may change their working folder.
function absolute(path: string | false): string | undefined {
  return path === false ? undefined : resolve(path);
}

function checkPath(option: string, value: unknown): void {
  if (value === undefined || value === false) return;
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) return;
  throw new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `the options are wrong: ${option} is ${inspect(value)}; it must be a path or false`,
  );
}
