import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { readText } from '../scripts/script-map.ts';
import { buildSource } from './source-build.ts';
import type { SourceLanguage, SourceText } from './source-text.ts';

/**
 * Reads a file and the modules that it imports by relative paths, without evaluating any. Only files
 * below the folder of the main one are read; links that lead out of it are not followed.
 *
 * @throws ScatterError `SOURCE_INVALID` for what `captureSource` would refuse; errors of the file
 * system as they are
 */
export async function readSourceFiles(
  file: string,
  o: { language: SourceLanguage; capabilities: readonly string[]; exported: string },
): Promise<SourceText> {
  const path = realpathSync(file);
  const folder = dirname(path);
  const modules: Record<string, string> = {};
  const read = (name: string): string | undefined => {
    const text = name.startsWith('..') ? undefined : readInside(folder, name);
    if (text !== undefined) modules[name] = text;
    return text;
  };
  const exports = o.capabilities.map((name) => `export { none as ${JSON.stringify(name)} };\n`);
  const capabilities = `const none = 0;\n${exports.join('')}`;
  await buildSource({ main: basename(path), read }, { ...o, capabilities });
  return { main: basename(path), modules };
}

function readInside(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  const text = readText(path);
  const around = folder.endsWith(sep) ? folder : folder + sep;
  return text !== undefined && realpathSync(path).startsWith(around) ? text : undefined;
}
