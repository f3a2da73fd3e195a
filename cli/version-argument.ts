import { ScatterError } from '../src/errors.ts';
import { checkVersion } from '../src/model/reference.ts';

/**
 * The version that an argument names. Stricter than `Number`, which takes an empty text for 0: an unset
 * variable in a script must not become a version.
 *
 * @throws ScatterError `REF_INVALID`, `VERSION_NOT_FOUND` for 0
 */
export function readVersion(text: string, name: string): number {
  if (/^\d+$/.test(text)) return checkVersion(Number(text), name);
  throw new ScatterError(
    'SCATTER_ERR_REF_INVALID',
    `${JSON.stringify(text)} is not a version of \`${name}\`; give a whole number from 1, such as 3`,
    { function: name },
  );
}
