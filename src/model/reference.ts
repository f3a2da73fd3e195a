import { ScatterError } from '../errors.ts';
import { checkFunctionName } from './function-name.ts';

/** The alias that `push`, `rollback` and `moveAll` move and that a bare name follows. */
export const LATEST = 'latest';

/** What a handle follows: an alias of a function, or one version of it for good. */
export type Reference =
  | { readonly name: string; readonly alias: string }
  | { readonly name: string; readonly version: number };

const ALIAS = /^[A-Za-z][\w.-]{0,63}$/;
const INTEGER = /^\d+$/;

/**
 * Reads `name`, `name@3` or `name@stable`.
 *
 * @throws ScatterError `REF_INVALID` for a malformed reference, `VERSION_NOT_FOUND` for version 0
 */
export function parseReference(text: string): Reference {
  const at = text.lastIndexOf('@');
  if (at < 0) return { name: checkFunctionName(text), alias: LATEST };
  const name = checkFunctionName(text.slice(0, at));
  const target = text.slice(at + 1);
  if (INTEGER.test(target)) return { name, version: checkVersion(Number(target), name) };
  return { name, alias: checkAlias(target, text) };
}

/** The reference as text; the inverse of {@link parseReference}. */
export function formatReference(reference: Reference): string {
  if ('version' in reference) return `${reference.name}@${reference.version}`;
  return reference.alias === LATEST ? reference.name : `${reference.name}@${reference.alias}`;
}

/**
 * Returns `alias` if it is well formed: a letter, then up to 63 letters, digits, `_`, `.` or `-`.
 *
 * @throws ScatterError `REF_INVALID`
 */
export function checkAlias(alias: string, shown = alias): string {
  if (ALIAS.test(alias)) return alias;
  throw new ScatterError(
    'SCATTER_ERR_REF_INVALID',
    `${JSON.stringify(shown)} is not a reference: after \`@\` comes a version such as 3, or an ` +
      'alias of letters, digits, `_`, `.` and `-` that begins with a letter',
  );
}

/**
 * Returns `version` if it can number one: a whole number from 1.
 *
 * @throws ScatterError `REF_INVALID` if it is no whole number, `VERSION_NOT_FOUND` if it is below 1
 */
export function checkVersion(version: number, name: string): number {
  if (!Number.isSafeInteger(version)) {
    throw new ScatterError(
      'SCATTER_ERR_REF_INVALID',
      `${String(version)} is not a version of \`${name}\`: versions are whole numbers from 1`,
      { function: name },
    );
  }
  if (version < 1) {
    throw new ScatterError(
      'SCATTER_ERR_VERSION_NOT_FOUND',
      `\`${name}\` has no version ${version}: versions are numbered from 1`,
      { function: name, version },
    );
  }
  return version;
}
