import { realpathSync } from 'node:fs';
import { findPackageJSON, isBuiltin } from 'node:module';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { types } from 'node:util';
import type { Variable } from 'eslint-scope';
import type { InspectedFunction } from '../scripts/inspected.ts';
import type { Script } from '../scripts/script.ts';
import { pathOfUrl } from '../scripts/source-file.ts';
import { importedFrom } from './imports.ts';
import { moduleExports } from './module-exports.ts';

/** What an npm package exports, as some file imports it. */
export interface PackageExport {
  /** As in the import, or the absolute path of a file of the package. */
  readonly specifier: string;
  /** The exported name; `default`, or `*` for all of the module. */
  readonly imported: string;
  /** Keys from there to the value; mostly none. */
  readonly path: readonly string[];
  /** Absolute path of the importing file. */
  readonly from: string;
  readonly kind: 'import' | 'require';
}

/** Which values npm packages export; those travel by reference and are bundled. */
export class Packages {
  readonly #areLocal = new Map<string, boolean>();
  readonly #exports = new WeakMap<Script, Map<object, PackageExport>>();

  /** The export behind a variable that is imported or required from a package. */
  declared(script: Script, variable: Variable): PackageExport | undefined {
    const source = importedFrom(script, variable);
    const from = script.file?.path;
    if (source === undefined || from === undefined) return undefined;
    if (!this.isPackage(source.module, from)) return undefined;
    const specifier = source.module.startsWith('file:')
      ? (pathOfUrl(source.module) ?? source.module)
      : source.module;
    return { specifier, imported: source.name, path: [], from, kind: source.kind };
  }

  /**
   * The export that a function of a package's file is, or the `prototype` of one.
   *
   * @param inspected any function of the script
   */
  exported(value: object, script: Script, inspected: InspectedFunction): PackageExport | undefined {
    if (script.file?.packageName === undefined) return undefined;
    return this.#exportsOf(script, script.file.path, inspected).get(value);
  }

  /** Whether what `specifier` names was installed; what the author's own workspaces hold was not. */
  isPackage(specifier: string, from: string): boolean {
    if (isBuiltin(specifier)) return false;
    const key = `${specifier} from ${dirname(from)}`;
    const known = this.#areLocal.get(key) ?? isLocal(specifier, from);
    this.#areLocal.set(key, known);
    return !known;
  }

  #exportsOf(
    script: Script,
    path: string,
    { scopes }: InspectedFunction,
  ): Map<object, PackageExport> {
    const known = this.#exports.get(script);
    if (known !== undefined) return known;
    const found = new Map<object, PackageExport>();
    const kind = script.isModule ? 'import' : 'require';
    const at = { specifier: path, from: path, kind, path: [] } as const;
    for (const [imported, value] of moduleExports(script, scopes)) {
      if (found.has(value)) continue;
      found.set(value, { ...at, imported });
      const prototype = prototypeOf(value);
      if (prototype !== undefined) found.set(prototype, { ...at, imported, path: ['prototype'] });
    }
    this.#exports.set(script, found);
    return found;
  }
}

function isLocal(specifier: string, from: string): boolean {
  if (specifier.startsWith('file:')) return !isInstalled(pathOfUrl(specifier) ?? specifier);
  if (/^\.{0,2}\//.test(specifier) || isAbsolute(specifier)) {
    return !isInstalled(resolve(dirname(from), specifier));
  }
  // Of the author's own package; what it leads to is judged by where its functions are.
  if (specifier.startsWith('#')) return true;
  return !isInstalled(packageFolder(specifier, from) ?? `${sep}node_modules${sep}`);
}

function packageFolder(specifier: string, from: string): string | undefined {
  try {
    const file = findPackageJSON(specifier, from);
    return file === undefined ? undefined : dirname(realpathSync(file));
  } catch (error) {
    // It is imported, so it was found somehow: by a loader that has its own ways.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function isInstalled(path: string): boolean {
  return `${path}${sep}`.includes(`${sep}node_modules${sep}`);
}

function prototypeOf(value: unknown): object | undefined {
  if (typeof value !== 'function' || types.isProxy(value)) return undefined;
  const prototype: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
  return typeof prototype === 'object' && prototype !== null ? prototype : undefined;
}
