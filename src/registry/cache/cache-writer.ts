import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE_PARTS } from './cache-paths.ts';
import { touchFiles } from './cache-upkeep.ts';
import { isMissing, preparePrivate, replaceFile } from './private-files.ts';

/** How long what is to be written waits for more, in ms. */
const DELAY_MS = 100;

const OWNER_ONLY = 0o600;

/** One file as it is to be. */
interface Change {
  /** Undefined: it is to go. A function: it is to be there, and made if it is not. */
  readonly content: Uint8Array | string | (() => Uint8Array) | undefined;
  /** Lower ones are written first. */
  readonly rank: number;
}

export interface CacheWriterEvents {
  onFailure(error: unknown): void;
  /** After some were written; what it rejects with goes to `onFailure`. */
  onWritten(): Promise<void>;
}

/** Writes files of a cache behind the back of the program, the last state of each. */
export class CacheWriter {
  readonly #folder: string;
  readonly #events: CacheWriterEvents;
  #changes = new Map<string, Change>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, events: CacheWriterEvents) {
    this.#folder = folder;
    this.#events = events;
  }

  put(path: string, change: Change): void {
    this.#changes.set(path, change);
    this.#timer ??= setTimeout(() => this.flush(), DELAY_MS).unref();
  }

  /** The same, unless the file is to be written already. */
  putIfMissing(path: string, change: Change): void {
    if (!this.#changes.has(path)) this.put(path, change);
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch((error: unknown) => this.#events.onFailure(error));
    return this.#writing;
  }

  async #write(): Promise<void> {
    const changes = [...this.#changes].sort(([, a], [, b]) => a.rank - b.rank);
    if (changes.length === 0) return;
    this.#changes = new Map();
    preparePrivate(this.#folder);
    for (const part of CACHE_PARTS) preparePrivate(join(this.#folder, part));
    for (const [path, { content }] of changes) await write(path, content);
    await this.#events.onWritten();
  }
}

async function write(path: string, content: Change['content']): Promise<void> {
  if (content === undefined) return rm(path, { force: true });
  if (typeof content !== 'function') return writeUnlessSame(path, bytesOf(content));
  if (existsSync(path)) return touchFiles([path]);
  return replaceFile(path, content(), OWNER_ONLY);
}

// Compared, and not only looked for: a damaged file is healed by the next program that starts.
async function writeUnlessSame(path: string, content: Uint8Array): Promise<void> {
  if (await holds(path, content)) await touchFiles([path]);
  else await replaceFile(path, content, OWNER_ONLY);
}

async function holds(path: string, content: Uint8Array): Promise<boolean> {
  try {
    const { size } = await stat(path);
    return size === content.byteLength && (await readFile(path)).equals(content);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}
