import { types } from 'node:util';
import type { AnyNode } from 'acorn';
import type { Variable } from 'eslint-scope';
import type { AnyFunction } from '../../model/function-type.ts';
import { stepInto, type Trail } from '../refusal/trail.ts';
import type { FunctionReader, OpenFunction } from '../scripts/functions.ts';
import type { Script } from '../scripts/script.ts';
import { childrenOf } from '../scripts/syntax.ts';
import { isNativeText, textOfFunction } from '../values/live-function.ts';
import { freeNamesOf } from './free-names.ts';

/** The variable of a module behind one of its exports. */
export interface ExportedVariable {
  readonly script: Script;
  readonly variable: Variable;
}

/**
 * Compilers make an export a getter that gives a variable (`() => count`), or the export of another
 * module (`() => from[key]`). Undefined for anything else.
 */
export function exportedVariable(
  reader: FunctionReader,
  owner: object,
  key: string,
  trail: Trail,
): ExportedVariable | undefined {
  const getter = types.isProxy(owner)
    ? undefined
    : Object.getOwnPropertyDescriptor(owner, key)?.get;
  if (getter === undefined || isNativeText(textOfFunction(getter))) return undefined;
  const look = { copiesValues: true, exported: () => undefined };
  const open = reader.open(getter as AnyFunction, stepInto(trail, ''), look);
  if ('from' in open) return undefined;
  const given = givenBy(open.syntax);
  if (given?.type === 'Identifier') return variableOf(open, given.name);
  if (given?.type !== 'MemberExpression' || !given.computed) return undefined;
  const from = liveValue(open, given.object);
  const name = liveValue(open, given.property);
  if (typeof from !== 'object' || from === null || typeof name !== 'string') return undefined;
  return exportedVariable(reader, from, name, trail);
}

/** What a getter returns, if it does nothing else. */
function givenBy(syntax: AnyNode): AnyNode | undefined {
  if (syntax.type === 'ArrowFunctionExpression' && syntax.body.type !== 'BlockStatement') {
    return syntax.body;
  }
  const returns: AnyNode[] = [];
  const open: AnyNode[] = [syntax];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'ReturnStatement' && node.argument) returns.push(node.argument);
    for (const { child } of childrenOf(node)) open.push(child);
  }
  return returns.length === 1 ? returns[0] : undefined;
}

function variableOf({ script, syntax }: OpenFunction, name: string): ExportedVariable | undefined {
  const free = freeNamesOf(script, syntax, []).find((one) => one.name === name);
  return free?.variable === undefined ? undefined : { script, variable: free.variable };
}

function liveValue({ inspected: { scopes } }: OpenFunction, node: AnyNode): unknown {
  if (node.type !== 'Identifier') return undefined;
  return scopes.find(({ variables }) => node.name in variables)?.variables[node.name];
}
