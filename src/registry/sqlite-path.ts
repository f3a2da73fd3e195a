import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ScatterError } from '../errors.ts';
import { makeFolder, unlessThere } from './make-folder.ts';

/**
 * Makes sure that there is a file to open, for its owner only: SQLite itself would let everybody read
 * it. It gives the files that it makes beside the database the same permissions.
 *
 * @throws ScatterError `CONFIG_INVALID`; errors of the file system as they are
 */
export function prepareFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    makeFile(path);
    return;
  }
  if (!found.isFile()) {
    const kind = found.isDirectory() ? 'a folder' : 'no regular file';
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `the registry cannot be opened: ${path} is ${kind}; name a file, such as ${path}/scatter.db`,
    );
  }
  accessSync(path, constants.R_OK);
}

/** Which file is at `path` now; undefined when there is none. */
export function fileIdentity(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

/**
 * The same, and what changes when somebody writes: for a file that is read without locks. While a
 * write-ahead log with content stands beside it, the file alone is not the truth.
 */
export function fileContentIdentity(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  const wal = hasWriteAheadLog(path);
  return found && `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}:${wal}`;
}

export function hasWriteAheadLog(path: string): boolean {
  const wal = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return wal !== undefined && wal.size > 0;
}

function makeFile(path: string): void {
  makeFolder(dirname(path));
  // `wx`: closing a file that another connection of this process has open would drop its locks.
  unlessThere(() => closeSync(openSync(path, 'wx', 0o600)));
}
