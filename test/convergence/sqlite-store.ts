import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { openRegistry } from '../../src/registry/open.ts';
import { until } from '../redis/servers/until.ts';
import { ChildSubscriber } from './child-subscriber.ts';
import { killWriter } from './killed-writer.ts';
import type { Seat, Store, StoreRun } from './store.ts';

const SUBSCRIBERS = 2;
const NAMESPACE = 'default';

/** A file for each run, and subscribers in processes of their own, which can be stopped. */
export async function sqliteStore(): Promise<Store> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'scatter-'));
  started.defer(() => rm(folder, { recursive: true }));
  const children = Array.from({ length: SUBSCRIBERS }, () => started.use(new ChildSubscriber()));
  const all = started.move();
  let runs = 0;
  return {
    subscribers: SUBSCRIBERS,
    async begin() {
      runs += 1;
      return beginRun(join(folder, `run-${runs}.db`), children);
    },
    stop: () => all.disposeAsync(),
  };
}

function beginRun(file: string, children: readonly ChildSubscriber[]): StoreRun {
  const place = { url: `sqlite:${file}`, namespace: NAMESPACE };
  const open = () => openRegistry(place.url, place.namespace);
  let backups = 0;
  return {
    open,
    openWriter: open,
    seats: children.map((child) => seatAt(child, place, file)),
    async backup() {
      backups += 1;
      const copy = `${file}.backup-${backups}`;
      await copyDatabase(file, copy);
      return () => copyDatabase(copy, file);
    },
    killWriter: (pushes, o) => killWriter(place, pushes, o),
    async end() {
      for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true });
    },
  };
}

function seatAt(child: ChildSubscriber, place: Seat['place'], file: string): Seat {
  return {
    subscriber: child,
    place,
    impair: () => pauseWithoutLock(child, file),
    heal: async () => child.resume(),
  };
}

/** One that is stopped in the middle of announcing itself would keep everybody from writing. */
async function pauseWithoutLock(child: ChildSubscriber, file: string): Promise<void> {
  await until('a moment without a lock', () => {
    child.pause();
    if (!isLocked(file)) return true;
    child.resume();
    return undefined;
  });
}

function isLocked(file: string): boolean {
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch (error) {
    if (error instanceof Error && /locked/.test(error.message)) return true;
    throw error;
  } finally {
    database.close();
  }
}

/** As `.backup` and `.restore` of the sqlite3 program: others go on reading and writing meanwhile. */
async function copyDatabase(from: string, to: string): Promise<void> {
  const database = new DatabaseSync(from, { timeout: 1000 });
  try {
    await until(`a copy of ${from}`, () => copied(database, to));
  } finally {
    database.close();
  }
}

/** A lock of others ends it with what SQLite calls no error; then nothing was copied. */
async function copied(database: DatabaseSync, to: string): Promise<true | undefined> {
  try {
    await backup(database, to);
    return true;
  } catch (error) {
    if (error instanceof Error && /not an error|locked/.test(error.message)) return undefined;
    throw error;
  }
}
