import { inspect } from 'node:util';
import { ScatterError } from '../errors.ts';

/** What is wrong with an option or an argument of a ready-made capability. */
export function configError(trouble: string): ScatterError {
  return new ScatterError('SCATTER_ERR_CONFIG_INVALID', trouble);
}

/** A value as messages show it. */
export function shown(value: unknown): string {
  return inspect(value, { depth: 0 }).slice(0, 80);
}
