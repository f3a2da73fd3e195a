import { utimes } from 'node:fs/promises';
import type { CachePaths } from './cache-paths.ts';
import { tidyCache } from './cache-tidy.ts';
import { isMissing } from './private-files.ts';

/** What is in use is marked once a day. */
const UPKEEP_MS = 24 * 60 * 60 * 1000;

/** A version of a function that runs here. */
export interface UsedVersion {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
}

export interface Usage {
  /** Of the registry. */
  readonly generation: string;
  readonly versions: Iterable<UsedVersion>;
}

/** Keeps what runs in a cache, and removes what nobody ran for long. */
export class CacheUpkeep {
  readonly #paths: CachePaths;
  readonly #onFailure: (error: unknown) => void;
  #usage: () => Usage | undefined = () => undefined;
  #doneAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(paths: CachePaths, onFailure: (error: unknown) => void) {
    this.#paths = paths;
    this.#onFailure = onFailure;
  }

  /** @param usage what runs, for as long as the program does */
  start(usage: () => Usage | undefined): void {
    this.#usage = usage;
    this.#timer ??= setInterval(() => {
      this.#markUsed().catch(this.#onFailure);
    }, UPKEEP_MS).unref();
  }

  /** Marks and removes, unless it was done within the last day. */
  async run(): Promise<void> {
    if (performance.now() - this.#doneAt < UPKEEP_MS) return;
    this.#doneAt = performance.now();
    // First: what was only read, after a long time without a registry, looks unused.
    await this.#markUsed();
    await tidyCache(this.#paths.folder);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #markUsed(): Promise<void> {
    const { generation = '', versions = [] } = this.#usage() ?? {};
    const paths = [...versions].flatMap(({ name, version, digest }) => [
      this.#paths.function(name),
      this.#paths.version(generation, name, version),
      this.#paths.artifact(digest),
    ]);
    await touchFiles(new Set(paths));
  }
}

/** Marks files as used. Those that are not there are passed over. */
export async function touchFiles(paths: Iterable<string>): Promise<void> {
  const now = new Date();
  for (const path of paths) {
    try {
      await utimes(path, now, now);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
