import { posix } from 'node:path';
import { ScatterError } from '../../errors.ts';

/** Code as text: one module, or several that import each other by relative paths. */
export type SourceText =
  | string
  | {
      /** The name of the module that has the function. */
      readonly main: string;
      /** The texts of the modules by their names, such as `rules/tax.ts`. */
      readonly modules: Readonly<Record<string, string>>;
    };

export type SourceLanguage = 'js' | 'ts';

/** Where the texts of modules are. Names are relative, with `/`, and without `.` and `..`. */
export interface ModuleReader {
  readonly main: string;
  /** The text of a module, undefined if there is none of that name. */
  read(name: string): string | undefined;
}

/** Most text of all modules together, in bytes. */
const MAX_SOURCE_BYTES = 4_000_000;

/**
 * Checks what a caller gives as source.
 *
 * @throws ScatterError `CONFIG_INVALID` for what is no source, `SOURCE_INVALID` for text that is too
 * large or has half a surrogate pair
 */
export function readerOf(source: SourceText, language: SourceLanguage): ModuleReader {
  const { main, modules } = typeof source === 'string' ? single(source, language) : (source ?? {});
  const texts = new Map<string, string>();
  for (const [name, text] of Object.entries(checkRecord(modules))) {
    texts.set(checkModuleName(name), checkText(name, text));
  }
  const sizes = Array.from(texts.values(), (text) => Buffer.byteLength(text));
  checkSize(sizes.reduce((sum, size) => sum + size, 0));
  const name = checkModuleName(main);
  if (!texts.has(name)) {
    const names = [...texts.keys()].join(', ') || 'none';
    throw invalid(`\`main\` is ${JSON.stringify(main)}, and the modules are ${names}`);
  }
  return { main: name, read: (wanted) => texts.get(wanted) };
}

function single(text: string, language: SourceLanguage): Exclude<SourceText, string> {
  const main = `main.${language}`;
  return { main, modules: { [main]: text } };
}

function checkRecord(modules: unknown): Record<string, unknown> {
  if (typeof modules === 'object' && modules !== null && !Array.isArray(modules)) {
    return modules as Record<string, unknown>;
  }
  throw invalid('give a text, or `{ main, modules }` with the texts by their names');
}

function checkModuleName(name: unknown): string {
  if (typeof name === 'string' && name.length <= 200 && !/[\p{Cc}\p{Z}\\:"]/u.test(name)) {
    const plain = posix.normalize(name);
    if (!/^(?:\.\.?(?:\/|$)|\/)/.test(plain)) return plain;
  }
  throw invalid(
    `${JSON.stringify(name)} is no name of a module; use a relative path such as rules/tax.ts`,
  );
}

function checkText(name: string, text: unknown): string {
  if (typeof text !== 'string') throw invalid(`the module ${name} is ${typeof text} and no text`);
  if (text.isWellFormed()) return text;
  throw new ScatterError(
    'SCATTER_ERR_SOURCE_INVALID',
    `the module ${name} has half a surrogate pair; write it as an escape such as \\ud800`,
    { file: name },
  );
}

function checkSize(bytes: number): void {
  if (bytes <= MAX_SOURCE_BYTES) return;
  throw new ScatterError(
    'SCATTER_ERR_SOURCE_INVALID',
    `the source has ${bytes} bytes, and ${MAX_SOURCE_BYTES} are allowed; pass large data as an argument`,
  );
}

function invalid(trouble: string): ScatterError {
  return new ScatterError('SCATTER_ERR_CONFIG_INVALID', `the source is wrong: ${trouble}`);
}
