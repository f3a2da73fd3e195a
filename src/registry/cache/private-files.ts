import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { ScatterError } from '../../errors.ts';
import { makeFolder } from '../make-folder.ts';

/** Makes a folder (0700) if it is missing. @throws ScatterError as {@link checkPrivate}; errors of the file system */
export function preparePrivate(folder: string): void {
  makeFolder(folder);
  checkPrivate(folder);
}

/**
 * Whether a folder is there. What lies in it decides which code runs, so that it must be writable for
 * its owner and group at most, and belong to this user or to root.
 *
 * @throws ScatterError `CONFIG_INVALID` if others may write to it
 */
export function checkPrivate(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return false;
  const user = process.getuid?.();
  const own = user === undefined || found.uid === user || found.uid === 0;
  if (found.isDirectory() && own && (user === undefined || (found.mode & 0o002) === 0)) return true;
  throw new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `${folder} is no folder that only this user writes to; remove it, or choose another cacheDir`,
  );
}

/** @param limit largest file that is read, in bytes; undefined: there is none */
export async function readIfThere(path: string, limit: number): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(path);
    if (size > limit) throw new Error(`it has ${size} bytes, and at most ${limit} were written`);
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whoever reads the file meets the old one or the new one, never a part. @param mode its permissions */
export async function replaceFile(
  path: string,
  content: Uint8Array | string,
  mode: number,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { flag: 'wx', mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
