/** The registry in an SQLite file: the embedded default, for any number of processes on a machine. */
import { resolve } from 'node:path';
import * as sqlite from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Registry } from './registry.ts';
import { SqliteFile } from './sqlite-file.ts';
import { SqliteRegistry } from './sqlite-registry.ts';

// A longer wait for a lock would block the event loop; the asynchronous retry does the rest.
const BUSY_TIMEOUT_MS = 3;

// Later releases of Node rename the class.
const Database =
  (sqlite as { readonly Database?: typeof sqlite.DatabaseSync }).Database ?? sqlite.DatabaseSync;

/**
 * Opens the registry in the SQLite file at `path`, made with its folder if it is missing: the folder
 * for its owner only (0700), the file too (0600).
 *
 * @param path relative to the working folder
 * @throws ScatterError `CONFIG_INVALID` for a path that is no registry and cannot become one,
 *   `FORMAT_UNSUPPORTED` for the file of a newer scatter, `REGISTRY_UNREACHABLE` when others keep it
 *   locked, `REGISTRY_READONLY`, `REGISTRY_FULL`, `REGISTRY_CORRUPT`
 */
export async function openSqlite(path: string, namespace: string): Promise<Registry> {
  const file = new SqliteFile(resolve(path), openDatabase);
  await file.read('opening', () => undefined);
  return new SqliteRegistry(file, namespace);
}

function openDatabase(path: string, frozen: boolean): sqlite.DatabaseSync {
  if (!frozen) {
    const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    // A push that was answered must outlive a power cut, or its number would be given again.
    database.exec('PRAGMA synchronous = FULL');
    return database;
  }
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new Database(url, { readOnly: true });
}
