import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const IMPORT = /^import\s*(?:\{([^}]*)\}\s*from\s*)(['"])([^'"]*)\2;?[ \t]*$/gm;
const EXPORT = /^export (?=(?:async )?function\b|const\b|let\b|class\b)/gm;
// What TypeScript leaves in a built file that exports types only.
const EMPTY_EXPORT = /^export \{\};?[ \t]*$/gm;
const DECLARATION = /^(?:async )?(?:function\*?|const|let|class) (\w+)/gm;
// Of lines that hold nothing else.
const COMMENT = /^[ \t]*(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/|\/\/.*)[ \t]*$/gm;
const EMPTY_LINES = /(?:[ \t]*\n){2,}/g;
const LEFT_OVER = /^(?:import|export)\b.*$/m;

const NOT_ASCII = /[^\0-\x7f]/;
const RUN_OF_NOT_ASCII = /[^\0-\x7f]+/g;

/** Files that became one piece of code. */
export interface LinkedFiles {
  readonly code: string;
  /** The names that they import from other files. */
  readonly imports: readonly string[];
}

/**
 * Links the given files, in their order, into one script for a bare isolate: types, imports and comments
 * go, `export` before a declaration goes, and one strict function stands around the whole. Works on
 * `.ts` sources and on built `.js` alike. The script's value is what `result` names in the last file.
 *
 * @param more code that follows that of the files
 * @throws Error for a name that two files declare and for imports and exports of any other form
 */
export function guestSource(files: readonly URL[], result = 'undefined', more = ''): string {
  const { code, imports } = linkFiles(files);
  if (imports.length > 0) throw new Error(`no file that is linked has ${imports.join(', ')}`);
  return toOneByte(`(function () {\n"use strict";\n${code}\n${more}return ${result};\n})();\n`);
}

/** The code of files without what makes them modules; for errors see {@link guestSource}. */
export function linkFiles(files: readonly URL[]): LinkedFiles {
  const owners = new Map<string, URL>();
  const imports = new Set<string>();
  const given = new Set(files.map(({ pathname }) => pathname));
  const parts = files.map((file) => {
    const { code, imported } = readGuestFile(file);
    for (const [, name = ''] of code.matchAll(DECLARATION)) {
      const owner = owners.get(name);
      if (owner !== undefined) throw new Error(`${name} is declared in ${owner} and in ${file}`);
      owners.set(name, file);
    }
    for (const { names, from } of imported) {
      if (!given.has(from.pathname)) for (const name of names) imports.add(name);
    }
    return code;
  });
  return { code: compact(parts.join('\n')), imports: [...imports].sort() };
}

/** The codec's files for {@link guestSource}, in order. The guest's own modules come after them. */
export const CODEC_FILES: readonly URL[] = [
  'primordials',
  'wire',
  'own-property',
  'codec-failure',
  'host-buffer',
  'typed-arrays',
  'utf8',
  'writer',
  'write-header',
  'write-scalar',
  'brand',
  'value-text',
  'encode-failure',
  'error-parts',
  'collections',
  'encode-binary',
  'encode-any',
  'encode',
  'reader',
  'read-string',
  'key-cache',
  'key-shapes',
  'decode-scalar',
  'decode-error',
  'sparse-indices',
  'decode-object',
  'decode-any',
  'decode',
].map((name) => siblingUrl(`../src/codec/${name}`));

/** A module beside this one, by its path without an ending: `.ts` here, `.js` when built. */
export function siblingUrl(path: string): URL {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new URL(path + extension, import.meta.url);
}

/** Every isolate has a copy of its text. */
function compact(code: string): string {
  return escapeNonAscii(code.replaceAll(COMMENT, '').replaceAll(EMPTY_LINES, '\n'));
}

/** The same code: escapes mean the same in literals, and nothing in comments; names are ASCII. */
export function escapeNonAscii(code: string): string {
  return NOT_ASCII.test(code) ? code.replace(RUN_OF_NOT_ASCII, escapeUnits) : code;
}

/** The same text in one byte a character, which what is cut out of other strings may not have. */
export function toOneByte(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function escapeUnits(run: string): string {
  let escaped = '';
  for (let at = 0; at < run.length; at += 1) {
    escaped += `\\u${(0x10000 + run.charCodeAt(at)).toString(16).slice(1)}`;
  }
  return escaped;
}

interface GuestFile {
  readonly code: string;
  readonly imported: readonly { readonly names: readonly string[]; readonly from: URL }[];
}

function readGuestFile(file: URL): GuestFile {
  const text = readFileSync(file, 'utf8');
  const script = file.pathname.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
  const imported = [...script.matchAll(IMPORT)].map(([, names = '', , from = '']) => ({
    names: names.split(',').flatMap((name) => name.trim() || []),
    from: new URL(from, file),
  }));
  const code = script.replaceAll(IMPORT, '').replaceAll(EXPORT, '').replaceAll(EMPTY_EXPORT, '');
  const leftOver = LEFT_OVER.exec(code);
  if (leftOver !== null) throw new Error(`${file} cannot be linked: ${leftOver[0]}`);
  return { code, imported };
}
