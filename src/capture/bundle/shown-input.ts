import { resolve } from 'node:path';
import { fileOfUrl } from '../scripts/source-file.ts';

/** A file of a bundle by the names that it has on every machine. */
export interface ShownInput {
  /** From `node_modules` on; relative to the nearest package.json for other files. */
  readonly file: string;
  readonly packageName: string | undefined;
}

/** @param name as esbuild writes it: relative to `folder`, with `/`, or a URL of a package's own map */
export function shownInput(name: string, folder: string): ShownInput {
  const found = /^[\w-]+:(?!\\)/.test(name) ? undefined : fileOfUrl(resolve(folder, name));
  if (found === undefined) return { file: name, packageName: undefined };
  const { path, shown, packageName } = found;
  const at = path.replaceAll('\\', '/').lastIndexOf('/node_modules/');
  if (at < 0) return { file: shown, packageName };
  return { file: path.slice(at + 1).replaceAll('\\', '/'), packageName };
}
