import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { readSourceFiles } from '../src/capture/index.ts';
import type { Prepared } from '../src/push-item.ts';
import { prepareSource } from '../src/source-functions.ts';
import { wrongUsage } from './wrong-usage.ts';

export interface SourceFileOptions {
  readonly export?: string;
  readonly capability?: readonly string[];
}

/** What the text of a file puts into a push; nothing of it is run. @throws ScatterError `SOURCE_INVALID` */
export async function prepareSourceFile(
  file: string,
  names: readonly string[],
  { export: exported = 'default', capability: capabilities = [] }: SourceFileOptions,
): Promise<Prepared> {
  const [name = baseName(file), ...others] = names;
  if (others.length > 0) {
    throw wrongUsage(`--source pushes one function; give one name and not ${names.join(', ')}`);
  }
  checkFile(file);
  const choices = { language: 'js', capabilities, exported } as const;
  const source = await readSourceFiles(file, choices);
  return prepareSource(name, source, { export: exported, capabilities });
}

/** @throws ScatterError `CONFIG_INVALID` for what is no file */
export function checkFile(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return;
  throw wrongUsage(`there is no file ${file}; give the path of one with functions in it`);
}

/** What a function is called that has no other name. */
export function baseName(file: string): string {
  return basename(file, extname(file));
}
