import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the author. */
export interface SourceFile {
  readonly path: string;
  /** Relative to the folder of the nearest package.json, with `/`: the same on every machine. */
  readonly shown: string;
  /** The npm package it belongs to, if it was installed. */
  readonly packageName: string | undefined;
}

/** The file behind a script's URL; undefined if the script came from no file. */
export function fileOfUrl(url: string): SourceFile | undefined {
  const path = pathOfUrl(url);
  if (path === undefined) return undefined;
  return { path, shown: showPath(path), packageName: packageOf(path) };
}

/** The path of a `file:` URL, or of what is a path already. */
export function pathOfUrl(url: string): string | undefined {
  if (!url.startsWith('file:')) return isAbsolute(url) ? url : undefined;
  const address = new URL(url);
  // A query such as `?v=2` loads the same file again.
  address.search = '';
  address.hash = '';
  return fileURLToPath(address);
}

function showPath(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      return relative(folder, path).replaceAll(sep, '/');
    }
    if (folder === dirname(folder)) return basename(path);
  }
}

function packageOf(path: string): string | undefined {
  const parts = path.split(sep);
  const at = parts.lastIndexOf('node_modules');
  const name = at < 0 ? undefined : parts[at + 1];
  return name?.startsWith('@') ? `${name}/${parts[at + 2]}` : name;
}
