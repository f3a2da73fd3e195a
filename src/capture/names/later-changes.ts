import type { AnyNode } from 'acorn';
import type { Variable } from 'eslint-scope';
import type { Script } from '../scripts/script.ts';
import { isFunctionSyntax } from '../scripts/syntax.ts';

/**
 * Whether the code around a declaration goes on to change the object that the variable was given, as
 * in `config.flags = …` or `cache.set(…)`. What functions do, which may or may not have run, is not seen.
 */
export function isChangedLater(script: Script, variable: Variable): boolean {
  const home = functionAround(script, variable.defs[0]?.node as AnyNode | undefined);
  return variable.references.some(({ identifier }) => {
    const use = identifier as unknown as AnyNode;
    return functionAround(script, use) === home && isChange(script, use);
  });
}

function functionAround(script: Script, start: AnyNode | undefined): AnyNode | undefined {
  let node = start && script.parents.get(start);
  while (node !== undefined && !isFunctionSyntax(node)) node = script.parents.get(node);
  return node;
}

function isChange(script: Script, use: AnyNode): boolean {
  const { node, around, isCalled } = reach(script, use);
  if (around?.type === 'CallExpression') return node === use && isDefinition(around, use);
  if (node === use) return false;
  if (around?.type === 'AssignmentExpression') return around.left === node;
  if (around?.type === 'UnaryExpression') return around.operator === 'delete';
  // A call whose result nobody takes is there for what it does.
  return (
    around?.type === 'UpdateExpression' || (around?.type === 'ExpressionStatement' && isCalled)
  );
}

/** From a name over its members and their calls to the last: `cache.a.set(1).set(2)`. */
function reach(script: Script, use: AnyNode) {
  let node = use;
  let isCalled = false;
  let around = script.parents.get(node);
  for (; around !== undefined; around = script.parents.get(node)) {
    const isMember = around.type === 'MemberExpression' && around.object === node;
    const isCall = around.type === 'CallExpression' && around.callee === node && node !== use;
    const isOnlyAround = around.type === 'ChainExpression' || around.type === 'AwaitExpression';
    if (!isMember && !isCall && !isOnlyAround) break;
    isCalled ||= isCall;
    node = around;
  }
  return { node, around, isCalled };
}

const DEFINES = new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf']);

/** `Object.assign(config, …)` and its like. */
function isDefinition({ callee, arguments: [target] }: CallNode, use: AnyNode): boolean {
  return (
    target === use &&
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    DEFINES.has(callee.property.name)
  );
}

type CallNode = Extract<AnyNode, { type: 'CallExpression' }>;
