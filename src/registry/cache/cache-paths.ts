/**
 * Where things lie in a cache. Each file stands for itself: a record is what its last writer saw, and
 * the others never change, so that programs can share a folder without locks.
 *
 *   <cacheDir>/<url and namespace>/head.json
 *                                  functions/<name>.json
 *                                  versions/<generation, name and version>.json
 *                                  artifacts/<digest>
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Folders of a cache in which files come and go. */
export const CACHE_PARTS = ['functions', 'versions', 'artifacts'] as const;

export class CachePaths {
  /** The folder of one namespace of one registry. */
  readonly folder: string;
  readonly head: string;

  /** @param url without a password: whoever changes that goes on with the same cache */
  constructor(cacheDir: string, url: string, namespace: string) {
    this.folder = join(cacheDir, hashOf([url, namespace]).slice(0, 16));
    this.head = join(this.folder, 'head.json');
  }

  function(name: string): string {
    return join(this.folder, 'functions', `${hashOf([name])}.json`);
  }

  version(generation: string, name: string, version: number): string {
    return join(this.folder, 'versions', `${hashOf([generation, name, version])}.json`);
  }

  /** @param digest checked by the caller */
  artifact(digest: string): string {
    return join(this.folder, 'artifacts', digest);
  }
}

// Names may hold anything, and more than a file system takes.
function hashOf(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
