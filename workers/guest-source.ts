import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const IMPORT = /^import\s[^'"]*?from\s*(['"])[^'"]*\1;?[ \t]*$/gm;
const EXPORT = /^export (?=(?:async )?function\b|const\b|let\b|class\b)/gm;
// What TypeScript leaves in a built file that exports types only.
const EMPTY_EXPORT = /^export \{\};?[ \t]*$/gm;
const DECLARATION = /^(?:async )?(?:function\*?|const|let|class) (\w+)/gm;
const LEFT_OVER = /^(?:import|export)\b.*$/m;

/**
 * Links the given files, in their order, into one script for a bare isolate: types and imports
 * go, `export` before a declaration goes, and one strict function stands around the whole. Works on
 * `.ts` sources and on built `.js` alike. The script's value is what `result` names in the last file.
 *
 * @throws Error for a name that two files declare and for imports and exports of any other form
 */
export function guestSource(files: readonly URL[], result = 'undefined'): string {
  const owners = new Map<string, URL>();
  const parts = files.map((file) => {
    const code = readGuestFile(file);
    for (const [, name = ''] of code.matchAll(DECLARATION)) {
      const owner = owners.get(name);
      if (owner !== undefined) throw new Error(`${name} is declared in ${owner} and in ${file}`);
      owners.set(name, file);
    }
    return code;
  });
  return `(function () {\n"use strict";\n${parts.join('\n')}\nreturn ${result};\n})();\n`;
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
  'decode-scalar',
  'decode-error',
  'decode-any',
  'decode',
].map((name) => siblingUrl(`../src/codec/${name}`));

/** A module beside this one, by its path without an ending: `.ts` here, `.js` when built. */
function siblingUrl(path: string): URL {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new URL(path + extension, import.meta.url);
}

function readGuestFile(file: URL): string {
  const text = readFileSync(file, 'utf8');
  const code = (file.pathname.endsWith('.ts') ? stripTypeScriptTypes(text) : text)
    .replaceAll(IMPORT, '')
    .replaceAll(EXPORT, '')
    .replaceAll(EMPTY_EXPORT, '');
  const leftOver = LEFT_OVER.exec(code);
  if (leftOver !== null) throw new Error(`${file} cannot be linked: ${leftOver[0]}`);
  return code;
}
