import { ScatterError } from '../errors.ts';

/** Longest name of a function, in UTF-16 units; route names and file paths fit well inside. */
const MAX_NAME_LENGTH = 256;

// Control characters, lone surrogates and line separators would break logs and keys.
const FORBIDDEN = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/**
 * Returns `name` if functions may be called that: any Unicode text (spaces, `:`, `/`, `{}` included,
 * as in `GET /users/:id`) of 1 to 256 characters in normal form C, without `@` (it separates the
 * version in a reference), control characters or outer white space.
 *
 * @throws ScatterError `REF_INVALID` that says which rule is broken
 */
export function checkFunctionName(name: string): string {
  const trouble = nameTrouble(name);
  if (trouble === undefined) return name;
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  throw new ScatterError(
    'SCATTER_ERR_REF_INVALID',
    `${shown} cannot name a function: ${trouble}; choose another with track(fn, { name })`,
  );
}

/** Which rule of names is broken; undefined if none is. */
export function nameTrouble(name: string): string | undefined {
  if (name.length === 0) return 'it is empty';
  if (name.length > MAX_NAME_LENGTH) {
    return `it has ${name.length} characters and ${MAX_NAME_LENGTH} are allowed`;
  }
  if (name.includes('@')) return '`@` is kept for versions, as in `name@3`';
  if (FORBIDDEN.test(name)) return 'it contains a control character or half a surrogate pair';
  if (name.trim() !== name) return 'it begins or ends with white space';
  if (name.normalize('NFC') !== name)
    return 'it is not in Unicode normal form C (name.normalize())';
  return undefined;
}
