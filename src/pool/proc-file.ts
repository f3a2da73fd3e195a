import { readFileSync } from 'node:fs';
import { isSystemError } from './system-error.ts';

/**
 * What a file below /proc says; undefined where there is none, as outside of Linux, or none any more, or
 * while this program has no descriptor to read it with.
 */
export function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}
