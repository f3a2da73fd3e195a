import { isBuiltin } from 'node:module';
import type { AnyNode, Identifier, VariableDeclarator } from 'acorn';
import type { Variable } from 'eslint-scope';
import { type FreeName, freeNamesWithin } from './free-names.ts';
import { importedFrom } from './imports.ts';
import type { Packages } from './packages.ts';
import type { Script } from './script.ts';
import { childrenOf, isFunctionSyntax } from './syntax.ts';

/** What a variable that is never assigned again was given, and how. */
export interface Initialiser {
  readonly declarator: VariableDeclarator;
  readonly init: AnyNode;
}

/** The initialiser of a variable that keeps the value it got; undefined for any other. */
export function initialiserOf(variable: Variable): Initialiser | undefined {
  const [definition, second] = variable.defs;
  if (definition?.type !== 'Variable' || second !== undefined) return undefined;
  const declarator = definition.node as unknown as VariableDeclarator;
  if (!declarator.init) return undefined;
  const isAssigned = variable.references.some((one) => one.isWrite() && !one.init);
  return isAssigned ? undefined : { declarator, init: declarator.init };
}

/** Whether what runs of the initialiser reads `process.env`. */
export function readsEnvironment(script: Script, { init }: Initialiser): boolean {
  return namesThatRun(script, init).some((free) =>
    free.uses.some((use) => isEnvironment(script, free, use)),
  );
}

/** What the initialiser takes from this program and machine besides `process.env`, by name. */
export function hostStateIn(script: Script, { init }: Initialiser): string | undefined {
  if (executed(init).some((node) => node.type === 'MetaProperty')) return 'import.meta';
  for (const free of namesThatRun(script, init)) {
    const state = hostState(script, free, init);
    if (state !== undefined) return state;
  }
  return undefined;
}

/**
 * Whether the initialiser may run again where the function runs: it calls what a package exports, as
 * in `z.object({ … })`, and changes nothing.
 */
export function isMadeByPackage(
  script: Script,
  { init }: Initialiser,
  packages: Packages,
): boolean {
  if (!isRepeatable(init)) return false;
  const root = rootOf(init);
  if (root?.type !== 'Identifier') return false;
  const free = freeNamesWithin(script, init).find(({ uses }) => uses.includes(root));
  if (free?.variable === undefined) return false;
  if (packages.declared(script, free.variable) !== undefined) return true;
  // `base.extend({ … })`, where `base` is made by a package in turn.
  const other = initialiserOf(free.variable);
  return other !== undefined && other.init !== init && isMadeByPackage(script, other, packages);
}

/** Nothing in it waits, assigns or loads. */
export function isRepeatable(init: AnyNode): boolean {
  return !executed(init).some(
    ({ type }) =>
      type === 'AwaitExpression' ||
      type === 'YieldExpression' ||
      type === 'AssignmentExpression' ||
      type === 'UpdateExpression' ||
      type === 'ImportExpression' ||
      type === 'MetaProperty' ||
      type === 'ThisExpression',
  );
}

/** `z` of `z.object({}).strict()`: what the outermost call or access begins with. */
function rootOf(init: AnyNode): AnyNode | undefined {
  let node: AnyNode = init;
  for (;;) {
    if (node.type === 'CallExpression' || node.type === 'NewExpression') node = node.callee;
    else if (node.type === 'MemberExpression') node = node.object;
    else if (node.type === 'ChainExpression') node = node.expression;
    else if (node.type === 'SequenceExpression') node = node.expressions.at(-1) ?? node;
    else return node === init ? undefined : node;
  }
}

/** The nodes that are evaluated when `init` is; functions in it are not called, but for one at once. */
function executed(init: AnyNode): AnyNode[] {
  const nodes: AnyNode[] = [];
  const open: { node: AnyNode; isCalled: boolean }[] = [{ node: init, isCalled: false }];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { node, isCalled } = step;
    nodes.push(node);
    if (isFunctionSyntax(node) && !isCalled) continue;
    for (const { field, child } of childrenOf(node)) {
      open.push({ node: child, isCalled: field === 'callee' });
    }
  }
  return nodes;
}

function namesThatRun(script: Script, init: AnyNode): FreeName[] {
  const running = new Set<AnyNode>(executed(init));
  return freeNamesWithin(script, init)
    .map((free) => ({ ...free, uses: free.uses.filter((use) => running.has(use)) }))
    .filter(({ uses }) => uses.length > 0);
}

function isEnvironment(script: Script, free: FreeName, use: Identifier): boolean {
  const source = free.variable && importedFrom(script, free.variable);
  const isModule = source !== undefined && /^(node:)?process$/.test(source.module);
  if (isModule && source.name === 'env') return true;
  const isProcess = isModule || (free.variable === undefined && free.name === 'process');
  const parent = script.parents.get(use);
  return (
    isProcess &&
    parent?.type === 'MemberExpression' &&
    parent.object === use &&
    !parent.computed &&
    parent.property.type === 'Identifier' &&
    parent.property.name === 'env'
  );
}

// A module of pure computation; what it gives depends on its arguments alone.
const PURE_BUILTINS = /^(node:)?(util|querystring|string_decoder|punycode)$/;

function hostState(script: Script, free: FreeName, init: AnyNode): string | undefined {
  const { name, variable } = free;
  if (free.uses.every((use) => isEnvironment(script, free, use))) return undefined;
  if (variable === undefined) {
    // What is loaded by it is judged by what it is.
    if (name === 'require' && free.uses.every((use) => isModuleLoad(script, use))) return undefined;
    return ['process', 'require', '__dirname', '__filename'].includes(name) ? name : undefined;
  }
  const source = importedFrom(script, variable);
  if (source === undefined || !isBuiltin(source.module)) return undefined;
  // What is only named is refused for itself; here it is about what it gave.
  const isAliased = init.type === 'Identifier';
  return PURE_BUILTINS.test(source.module) || isAliased ? undefined : name;
}

function isModuleLoad(script: Script, use: Identifier): boolean {
  const parent = script.parents.get(use);
  return parent?.type === 'CallExpression' && parent.callee === use;
}
