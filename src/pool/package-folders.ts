import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The folders of the packages `names`, as they are found from `folder`, and of everything that they depend
 * on: where each is looked for, and where that leads if there are symbolic links on the way. A package that is not
 * installed, as optional ones may be, has none. No folder is inside another one.
 */
export function packageFolders(names: readonly string[], folder: string): string[] {
  const found = new Set<string>();
  const open = names.map((name) => ({ name, from: folder }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const place = findPackage(next.name, next.from);
    if (place === undefined) continue;
    for (const link of linksOf(place)) found.add(link);
    const real = realpathSync(place);
    if (found.has(real)) continue;
    found.add(real);
    open.push(...dependenciesOf(real).map((name) => ({ name, from: real })));
  }
  // Node 24 and 26 forget that a folder may be read when one inside of it may be, too.
  return [...found].filter((one) => ![...found].some((other) => one.startsWith(other + sep)));
}

function findPackage(name: string, from: string): string | undefined {
  // By a path inside of it: a package may be called as a built-in module is, which is in no folder.
  const places = createRequire(join(from, 'package.json')).resolve.paths(`${name}/x`) ?? [];
  return places
    .map((place) => join(place, name))
    .find((path) => existsSync(join(path, 'package.json')));
}

/** The path itself and the folders above it, as far as symbolic links are in it. */
function linksOf(path: string): string[] {
  return realpathSync(path) === path ? [] : [path, ...linksOf(dirname(path))];
}

function dependenciesOf(folder: string): string[] {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const { dependencies, optionalDependencies } = JSON.parse(text) as PackageFile;
  return Object.keys({ ...dependencies, ...optionalDependencies });
}
