import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * The folders of the packages `names`, as they are found from `folder`, and of everything that they depend
 * on, symbolic links resolved. A package that is not installed, as optional ones may be, has none.
 */
export function packageFolders(names: readonly string[], folder: string): string[] {
  const found = new Set<string>();
  const open = names.map((name) => ({ name, from: folder }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const place = findPackage(next.name, next.from);
    if (place === undefined || found.has(place)) continue;
    found.add(place);
    const text = readFileSync(join(place, 'package.json'), 'utf8');
    const { dependencies, optionalDependencies } = JSON.parse(text) as PackageFile;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      open.push({ name, from: place });
    }
  }
  return [...found];
}

function findPackage(name: string, from: string): string | undefined {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  const file = places
    .map((place) => join(place, name, 'package.json'))
    .find((path) => existsSync(path));
  return file === undefined ? undefined : dirname(realpathSync(file));
}
