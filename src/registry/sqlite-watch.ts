import type { SqliteFile } from './sqlite-file.ts';

/** How often is looked for the writes of others, in ms; one look takes a few µs. */
const POLL_MS = 25;

/**
 * Tells listeners of writes: of others by polling, since file events miss SQLite's write-ahead log,
 * and of our own, which the poll does not see, by {@link SqliteWatch.touch}.
 */
export class SqliteWatch {
  readonly #file: SqliteFile;
  readonly #hints = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #seen: string | undefined;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  add(hint: () => void): () => void {
    // A function of its own for each call, so that one listener may watch twice.
    const own = () => hint();
    this.#hints.add(own);
    this.#start();
    return () => {
      this.#hints.delete(own);
      if (this.#hints.size === 0) this.stop();
    };
  }

  /** Hints soon, but not now: the caller is in the middle of its write. */
  touch(): void {
    if (this.#hints.size > 0) setImmediate(() => this.#hint());
  }

  stop(): void {
    this.#hints.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    if (this.#timer !== undefined) return;
    this.#seen = this.#look();
    this.#timer = setInterval(() => this.#poll(), POLL_MS).unref();
  }

  #poll(): void {
    const mark = this.#look();
    if (mark === undefined || mark === this.#seen) return;
    this.#seen = mark;
    this.#hint();
  }

  #look(): string | undefined {
    try {
      return this.#file.changeMark();
    } catch {
      // Locked, or away: nobody here could take the error, the next look tells, and every other
      // method reports it.
      return undefined;
    }
  }

  #hint(): void {
    for (const hint of this.#hints) hint();
  }
}
