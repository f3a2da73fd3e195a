import { ScatterError } from '../src/errors.ts';

/** What the user gave cannot be done; the command exits with 2. */
export function wrongUsage(message: string): ScatterError {
  return new ScatterError('SCATTER_ERR_CONFIG_INVALID', message);
}
