import { statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

export interface Fingerprint {
  /** One text for each place that matters. */
  readonly states: readonly string[];
  /** When the last of them changed, in ms since 1970. */
  readonly newest: number;
}

/**
 * Everything on the disk that decides what a bundle is, in the state it has now: its files, their
 * folders (where another file may come to hide one), and for them and the importing files each
 * package.json and node_modules on the way up, where packages are looked for.
 *
 * @param files absolute paths of what went in
 * @param importers absolute paths of the files that import
 */
export function fingerprint(files: readonly string[], importers: readonly string[]): Fingerprint {
  const places = new Set([...files, ...files.map((file) => dirname(file))]);
  const scopes = scopesOf(files);
  for (const folder of foldersAbove([...files, ...importers])) {
    const modules = join(folder, 'node_modules');
    places.add(join(folder, 'package.json')).add(modules);
    for (const scope of scopes) places.add(join(modules, scope));
  }
  const found = Array.from(places, (place) => statSync(place, { throwIfNoEntry: false }));
  // npm gives all files of a package the same old date: only the time of their last change of any
  // kind, and which file it is, tell two versions of a size apart.
  const states = found.map((stat) =>
    stat === undefined ? 'none' : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`,
  );
  return { states, newest: Math.max(...found.map((stat) => stat?.ctimeMs ?? 0)) };
}

function foldersAbove(files: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let folder = dirname(file); !folders.has(folder); folder = dirname(folder)) {
      folders.add(folder);
    }
  }
  return folders;
}

/** `@name` folders: what changes in them does not show on the node_modules around. */
function scopesOf(files: readonly string[]): Set<string> {
  return new Set(files.flatMap((file) => file.split(sep)).filter((part) => part.startsWith('@')));
}
