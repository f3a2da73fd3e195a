import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { ScatterError } from '../errors.ts';
import { isLocked, isUnopenable, registryError } from './sqlite-errors.ts';
import { fileContentIdentity, fileIdentity, hasWriteAheadLog, prepareFile } from './sqlite-path.ts';
import { prepareSchema } from './sqlite-schema.ts';
import { SqliteSession } from './sqlite-session.ts';
import { integer } from './stored-fields.ts';

/** How long a locked file is tried again, in ms. */
const PATIENCE_MS = 5000;

const LONGEST_PAUSE_MS = 40;

/** Opens the database at a path; `frozen`: to read it without making or locking anything. */
export type OpenDatabase = (path: string, frozen: boolean) => DatabaseSync;

interface Opened {
  readonly session: SqliteSession;
  readonly identity: string | undefined;
  /**
   * Read without locks, because the folder is read-only and no writer is at work, so that SQLite
   * could not make its files. Good only while the file's content stays the same.
   */
  readonly frozen: boolean;
}

/**
 * A database file that others use too: waits for their locks without blocking the event loop, and
 * opens the file again when it was replaced (an open one would show the deleted data for ever).
 */
export class SqliteFile {
  readonly path: string;
  readonly #openDatabase: OpenDatabase;
  readonly #running = new Set<Promise<unknown>>();
  #opened: Opened | undefined;
  #openings = 0;
  #closed = false;

  constructor(path: string, openDatabase: OpenDatabase) {
    this.path = path;
    this.#openDatabase = openDatabase;
  }

  /** Runs `query` on one state of the data. */
  read<T>(doing: string, query: (session: SqliteSession) => T): Promise<T> {
    return this.#insist(doing, () => this.#session().transact('BEGIN', query));
  }

  /** Runs `change` in one atomic step; when it throws, nothing was written. */
  write<T>(doing: string, change: (session: SqliteSession) => T): Promise<T> {
    return this.#insist(doing, () => this.#writable().transact('BEGIN IMMEDIATE', change));
  }

  /** The same for what a power cut may take back: does not wait for the disk, and is 20 times faster. */
  note<T>(doing: string, change: (session: SqliteSession) => T): Promise<T> {
    return this.#insist(doing, () => {
      const session = this.#writable();
      // Not as prepared statements: they would set it when they are prepared, and not when they run.
      session.exec('PRAGMA synchronous = NORMAL');
      try {
        return session.transact('BEGIN IMMEDIATE', change);
      } finally {
        session.exec('PRAGMA synchronous = FULL');
      }
    });
  }

  /**
   * Something that changes with every commit of others; undefined while there is no file. Never
   * waits, never makes a file.
   */
  changeMark(): string | undefined {
    if (this.#closed || fileIdentity(this.path) === undefined) return undefined;
    const row = this.#session().get('PRAGMA data_version');
    return `${this.#openings}.${row === undefined ? 0 : integer(row, 'data_version')}`;
  }

  /** Lets running work finish, then closes the file. Twice is fine. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
    this.#release();
  }

  #insist<T>(doing: string, attempt: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(closedError(this.path));
    const work = this.#retry(doing, attempt);
    this.#running.add(work);
    const settled = () => this.#running.delete(work);
    work.then(settled, settled);
    return work;
  }

  async #retry<T>(doing: string, attempt: () => T): Promise<T> {
    const end = performance.now() + PATIENCE_MS;
    for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        return attempt();
      } catch (error) {
        if (!isLocked(error) || performance.now() >= end) {
          throw registryError(error, doing, this.path);
        }
      }
      // Random, or those who wait would all come back at once.
      await delay(1 + Math.random() * pause);
    }
  }

  #session(): SqliteSession {
    const opened = this.#opened;
    if (opened !== undefined && opened.identity === this.#identity(opened.frozen)) {
      return opened.session;
    }
    this.#release();
    prepareFile(this.path);
    this.#opened = this.#open();
    return this.#opened.session;
  }

  #writable(): SqliteSession {
    // A frozen file cannot be written, but its folder may have become writable.
    if (this.#opened?.frozen) this.#release();
    return this.#session();
  }

  #open(): Opened {
    try {
      return this.#tryOpen(false);
    } catch (error) {
      // Without its write-ahead log the file may lack what was written last: better none than that.
      if (!isUnopenable(error) || hasWriteAheadLog(this.path)) throw error;
      return this.#tryOpen(true, error);
    }
  }

  #tryOpen(frozen: boolean, cause?: unknown): Opened {
    const identity = this.#identity(frozen);
    const session = new SqliteSession(this.#openDatabase(this.path, frozen));
    try {
      prepareSchema(session, this.path);
    } catch (error) {
      session.close();
      // Of two failures the first says more.
      throw isUnopenable(error) && cause !== undefined ? cause : error;
    }
    this.#openings += 1;
    return { session, identity, frozen };
  }

  #identity(frozen: boolean): string | undefined {
    return frozen ? fileContentIdentity(this.path) : fileIdentity(this.path);
  }

  #release(): void {
    this.#opened?.session.close();
    this.#opened = undefined;
  }
}

function closedError(path: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_POOL_CLOSED',
    `the registry ${path} was closed; open it again to use it`,
  );
}
