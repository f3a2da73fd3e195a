import { createRequire } from 'node:module';
import { types } from 'node:util';
import type { LiveScope } from '../scripts/inspected.ts';
import type { Script } from '../scripts/script.ts';
import { isObject } from '../values/is-object.ts';
import { nameOf } from './imports.ts';

/** A value that a file exports, and the name it has there; `*` for all of the module. */
export type ExportedValue = readonly [name: string, value: object];

/**
 * The objects and functions that the file of a script exports, as they are now. Nothing is loaded or
 * run for it: loaders such as tsx keep copies of their own, which asking for a module would fill.
 *
 * @param scopes of any function of the script
 */
export function moduleExports(script: Script, scopes: readonly LiveScope[]): ExportedValue[] {
  if (!script.isModule) return script.file === undefined ? [] : commonJsExports(script.file.path);
  const scope = scopes.find(({ kind }) => kind === 'Module');
  return localExports(script).flatMap(([local, exported]) => {
    const value = scope && valueOfVariable(scope, local);
    return isObject(value) ? [[exported, value] as const] : [];
  });
}

function commonJsExports(path: string): ExportedValue[] {
  const exported: unknown = createRequire(path).cache[path]?.exports;
  if (!isObject(exported) || types.isProxy(exported)) return [];
  const descriptors = Object.getOwnPropertyDescriptors(exported);
  // A compiler's exports are getters that give variables; those of others are not asked.
  const isCompiled = Object.hasOwn(descriptors, '__esModule');
  const members = Object.entries(descriptors).flatMap(([name, { value, get }]) => {
    const member: unknown = isCompiled && get !== undefined ? Reflect.get(exported, name) : value;
    return isObject(member) ? [[name, member] as const] : [];
  });
  return [['*', exported], ...members];
}

/** The variables of an ES module that it exports, with the names they have outside. */
function localExports({ program, scopes }: Script): [local: string, exported: string][] {
  return program.body.flatMap((statement): [string, string][] => {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      if (declaration.type === 'Identifier') return [[declaration.name, 'default']];
      const isNamed = 'id' in declaration && declaration.id?.type === 'Identifier';
      return isNamed ? [[nameOf(declaration.id as never), 'default']] : [];
    }
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) return [];
    const { declaration, specifiers } = statement;
    const declared = declaration ? scopes.getDeclaredVariables(declaration as never) : [];
    return [
      ...declared.map(({ name }): [string, string] => [name, name]),
      ...specifiers.map((one): [string, string] => [nameOf(one.local), nameOf(one.exported)]),
    ];
  });
}

function valueOfVariable({ variables }: LiveScope, name: string): unknown {
  try {
    return name in variables ? variables[name] : undefined;
  } catch (error) {
    // It is in its dead zone.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}
