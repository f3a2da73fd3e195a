import { dirname, resolve } from 'node:path';
import type { AnyNode, ModuleDeclaration, Statement } from 'acorn';
import type { FunctionReader } from '../scripts/functions.ts';
import type { Script } from '../scripts/script.ts';
import type { ExportedVariable } from './export-getters.ts';
import { importedFrom, nameOf } from './imports.ts';

/** The file that a relative import leads to; undefined for any other. */
export function modulePath({ file }: Script, specifier: string): string | undefined {
  if (file === undefined || !/^\.{1,2}\//.test(specifier)) return undefined;
  return resolve(dirname(file.path), specifier);
}

/**
 * The variable behind an export, through all modules that only give it on. Undefined if it cannot be
 * followed, or is no variable.
 */
export function exportOrigin(
  reader: FunctionReader,
  path: string,
  name: string,
  seen: readonly string[] = [],
): ExportedVariable | undefined {
  const step = `${path} ${name}`;
  const script = seen.includes(step) ? undefined : reader.scriptOfFile(path);
  if (script === undefined) return undefined;
  const follow = (from: Script, specifier: string, other: string): ExportedVariable | undefined => {
    const next = modulePath(from, specifier);
    return next === undefined ? undefined : exportOrigin(reader, next, other, [...seen, step]);
  };
  const stars: string[] = [];
  for (const statement of script.program.body) {
    const found = exportBy(script, statement, name);
    if (typeof found === 'string') return localVariable(script, found, follow);
    if (found !== undefined) return follow(script, found.module, found.name);
    if (statement.type === 'ExportAllDeclaration' && !statement.exported) {
      stars.push(String(statement.source.value));
    }
  }
  for (const star of stars) {
    const found = follow(script, star, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What stands behind `export default`, if it is an expression. */
export function defaultExpression({ program }: Script): AnyNode | undefined {
  for (const statement of program.body) {
    if (statement.type !== 'ExportDefaultDeclaration') continue;
    const { declaration } = statement;
    const isDeclared =
      declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
    return isDeclared ? undefined : declaration;
  }
  return undefined;
}

/** The local name or the other module's export that a statement exports as `name`. */
function exportBy(
  script: Script,
  statement: Statement | ModuleDeclaration,
  name: string,
): string | { readonly module: string; readonly name: string } | undefined {
  if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
    const { declaration } = statement;
    return declaration.type === 'Identifier' ? declaration.name : undefined;
  }
  if (statement.type !== 'ExportNamedDeclaration') return undefined;
  const specifier = statement.specifiers.find(({ exported }) => nameOf(exported) === name);
  if (specifier !== undefined) {
    const local = nameOf(specifier.local);
    const { source } = statement;
    return source ? { module: String(source.value), name: local } : local;
  }
  const { declaration } = statement;
  if (!declaration) return undefined;
  const variables = script.scopes.getDeclaredVariables(declaration as never);
  return variables.some((variable) => variable.name === name) ? name : undefined;
}

function localVariable(
  script: Script,
  name: string,
  follow: (from: Script, specifier: string, name: string) => ExportedVariable | undefined,
): ExportedVariable | undefined {
  const variable = script.scopes.scopes.find(({ type }) => type === 'module')?.set.get(name);
  if (variable === undefined) return undefined;
  const source = importedFrom(script, variable);
  return source === undefined ? { script, variable } : follow(script, source.module, source.name);
}
