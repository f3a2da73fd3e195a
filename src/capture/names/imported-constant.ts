import type { AnyNode, VariableDeclarator } from 'acorn';
import type { Variable } from 'eslint-scope';
import type { FunctionReader } from '../scripts/functions.ts';
import type { Script } from '../scripts/script.ts';
import { isData } from '../values/is-data.ts';
import { defaultExpression, exportOrigin, modulePath } from './export-origin.ts';
import { importedFrom, isImported } from './imports.ts';
import { initialiserOf } from './initialisers.ts';

/** How a constant was made that another module of the author exports. */
export interface ImportedConstant {
  readonly script: Script;
  readonly init: AnyNode;
  /** Undefined for `export default { … }`. */
  readonly declared:
    | { readonly variable: Variable; readonly declarator: VariableDeclarator }
    | undefined;
}

/** Undefined for what comes from elsewhere, or cannot be followed to where it was made. */
export function importedConstant(
  reader: FunctionReader,
  script: Script,
  variable: Variable,
  value: unknown,
): ImportedConstant | undefined {
  if (!isData(value) || !isImported(variable)) return undefined;
  const source = importedFrom(script, variable);
  const path = source && modulePath(script, source.module);
  return source && path ? exportedConstant(reader, path, source.name) : undefined;
}

/** The same for an export of a module. */
export function exportedConstant(
  reader: FunctionReader,
  path: string,
  name: string,
): ImportedConstant | undefined {
  const origin = exportOrigin(reader, path, name);
  if (origin === undefined) {
    const script = name === 'default' ? reader.scriptOfFile(path) : undefined;
    const init = script && defaultExpression(script);
    return script && init && { script, init, declared: undefined };
  }
  const { variable } = origin;
  const initialiser = initialiserOf(variable);
  if (initialiser === undefined) return undefined;
  const { declarator, init } = initialiser;
  return { script: origin.script, init, declared: { variable, declarator } };
}
