import { ScatterError } from '../errors.ts';

// Result codes of SQLite (sqlite.org/rescode.html). The low byte is the primary code.
const LOCKED: ReadonlySet<number> = new Set([
  5 /* BUSY */, 6 /* LOCKED */, 15 /* PROTOCOL: lost a race for the WAL */,
  // The file was replaced between our look at it and the write; the next try opens the new one.
  1032 /* READONLY_DBMOVED */,
]);
const READONLY = 8;
const CANTOPEN = 14;
// Beside FULL itself: writes that stop at a quota or file size limit, and a full disk under -shm.
const NO_SPACE: ReadonlySet<number> = new Set([
  13, 778 /* IOERR_WRITE */, 4874 /* IOERR_SHMSIZE */,
]);
// A statement fails with plain ERROR when a table it needs is gone.
const DAMAGED: ReadonlySet<number> = new Set([
  1 /* ERROR */, 11 /* CORRUPT */, 19 /* CONSTRAINT */,
]);
const NOT_A_DATABASE = 26;

/** Whether trying again in a moment may help: somebody else is at it. */
export function isLocked(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && (LOCKED.has(code) || LOCKED.has(code & 0xff));
}

/** Whether the file, or one that must be made beside it, could not be opened for writing. */
export function isUnopenable(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && [CANTOPEN, READONLY].includes(code & 0xff);
}

/**
 * An error of SQLite or of the file system as the ScatterError it means, with the original as
 * `cause`; what is neither (a ScatterError, a bug) comes back as it is.
 *
 * @param doing what was being done, such as `writing`
 */
export function registryError(error: unknown, doing: string, path: string): unknown {
  const code = resultCode(error);
  const spoken = `${doing} the registry ${path} failed`;
  if (isBeyondNumbers(error)) {
    const advice = 'scatter never writes such a number; restore the file from a backup';
    const message = `${spoken}: ${error.message}; ${advice}`;
    return new ScatterError('SCATTER_ERR_REGISTRY_CORRUPT', message, { cause: error });
  }
  if (code === undefined) return fileError(error, spoken);
  const reason = `: ${error instanceof Error ? error.message : String(error)}`;
  const primary = code & 0xff;
  const make = (condition: Condition, advice: string) =>
    new ScatterError(`SCATTER_ERR_${condition}`, `${spoken}${reason}; ${advice}`, { cause: error });
  if (isLocked(error)) return make('REGISTRY_UNREACHABLE', 'another process holds it locked');
  if (NO_SPACE.has(code) || NO_SPACE.has(primary)) {
    return make('REGISTRY_FULL', 'nothing was written; make room on the disk, or raise its quota');
  }
  if (primary === READONLY) {
    return make(
      'REGISTRY_READONLY',
      'nothing was written; allow this user to write file and folder',
    );
  }
  if (DAMAGED.has(primary)) return make('REGISTRY_CORRUPT', 'restore the file from a backup');
  if (primary === NOT_A_DATABASE) {
    return make('CONFIG_INVALID', 'nothing in it was touched, give the url a file of its own');
  }
  return make('REGISTRY_UNREACHABLE', 'try again, and look at the disk if that does not help');
}

type Condition =
  | 'REGISTRY_UNREACHABLE'
  | 'REGISTRY_FULL'
  | 'REGISTRY_READONLY'
  | 'REGISTRY_CORRUPT'
  | 'CONFIG_INVALID';

/** A stored integer has 64 bits, of which JavaScript's numbers take 53. */
function isBeyondNumbers(error: unknown): error is RangeError {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

// What another path, or other permissions, would put right.
const WRONG_PATH: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'EEXIST',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
]);

// From making the folder or the file, or looking at it.
function fileError(error: unknown, spoken: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error;
  const make = (condition: Condition, advice: string) =>
    new ScatterError(`SCATTER_ERR_${condition}`, `${spoken}: ${error.message}; ${advice}`, {
      cause: error,
    });
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return make('REGISTRY_FULL', 'make room on the disk, or raise its quota');
  }
  if (WRONG_PATH.has(error.code)) {
    return make('CONFIG_INVALID', 'give the url a path that this user may read and write');
  }
  return make('REGISTRY_UNREACHABLE', 'try again, and look at the disk if that does not help');
}
