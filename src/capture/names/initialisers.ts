import { isBuiltin } from 'node:module';
import type { AnyNode, Identifier, VariableDeclarator } from 'acorn';
import type { Variable } from 'eslint-scope';
import { perNode } from '../scripts/per-node.ts';
import type { Script } from '../scripts/script.ts';
import { childrenOf, isFunctionSyntax } from '../scripts/syntax.ts';
import { type FreeName, freeNamesWithin } from './free-names.ts';
import { importedFrom } from './imports.ts';
import type { Packages } from './packages.ts';

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

/** Whether what runs of an expression reads `process.env`, or a variable that was made so. */
export const readsEnvironment: (script: Script, init: AnyNode) => boolean = perNode(
  (script, init): boolean =>
    namesThatRun(script, init).some((free) => {
      if (free.uses.some((use) => isEnvironment(script, free, use))) return true;
      const other = free.variable && initialiserOf(free.variable);
      return other !== undefined && readsEnvironment(script, other.init);
    }),
  false,
);

/** Whether an expression reads `process.env`, and no variable that would have to be there first. */
export function readsOnlyEnvironment(script: Script, init: AnyNode): boolean {
  const names = namesThatRun(script, init);
  return readsEnvironment(script, init) && names.every(({ variable }) => variable === undefined);
}

/** What the initialiser takes from this program and machine besides `process.env`, by name. */
export const hostStateIn = perNode((script, init): string | undefined => {
  if (executed(script, init).some((node) => node.type === 'MetaProperty')) return 'import.meta';
  for (const free of namesThatRun(script, init)) {
    const state = hostState(script, free);
    if (state !== undefined) return state;
  }
  return undefined;
});

/**
 * Whether the initialiser may run again where the function runs: it uses what a package or `Intl`
 * gives, as in `z.object({ … })`, and changes nothing.
 */
export function isMadeByPackage(
  script: Script,
  init: AnyNode,
  packages: Packages,
  seen = new Set<AnyNode>(),
): boolean {
  if (seen.has(init) || !isRepeatable(script, init)) return false;
  seen.add(init);
  return namesThatRun(script, init).some(({ name, variable }) => {
    if (variable === undefined) return name === 'Intl';
    if (packages.declared(script, variable) !== undefined) return true;
    // `base.extend({ … })`, where `base` is made by a package in turn.
    const other = initialiserOf(variable);
    return other !== undefined && isMadeByPackage(script, other.init, packages, seen);
  });
}

/** Nothing in it waits, assigns or loads. */
export const isRepeatable = perNode((script, init) =>
  executed(script, init).every(({ type }) => !UNREPEATABLE.has(type)),
);

const UNREPEATABLE = new Set<string>([
  'AwaitExpression',
  'YieldExpression',
  'AssignmentExpression',
  'UpdateExpression',
  'ImportExpression',
  'MetaProperty',
  'ThisExpression',
]);

/** The nodes that are evaluated when `init` is; functions in it are not called, but for one at once. */
const executed = perNode((_, init): readonly AnyNode[] => {
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
});

const namesThatRun = perNode((script, init): readonly FreeName[] => {
  const running = new Set<AnyNode>(executed(script, init));
  return freeNamesWithin(script, init)
    .map((free) => ({ ...free, uses: free.uses.filter((use) => running.has(use)) }))
    .filter(({ uses }) => uses.length > 0);
});

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
const PURE_BUILTINS = /^(node:)?(util|querystring|string_decoder|vm)$/;

function hostState(script: Script, free: FreeName): string | undefined {
  const { name, variable } = free;
  if (free.uses.every((use) => isEnvironment(script, free, use))) return undefined;
  if (variable === undefined) {
    // What is loaded by it is judged by what it is.
    if (name === 'require' && free.uses.every((use) => isCalled(script, use))) return undefined;
    return ['process', 'require', '__dirname', '__filename'].includes(name) ? name : undefined;
  }
  const source = importedFrom(script, variable);
  if (source === undefined || !isBuiltin(source.module)) return undefined;
  if (PURE_BUILTINS.test(source.module)) return undefined;
  // What is only named is refused for itself; here it is about what a call of it gave.
  return free.uses.some((use) => isCalled(script, use)) ? name : undefined;
}

/** Whether a name is called, or something that is reached from it: `fs.promises.readFile(…)`. */
function isCalled(script: Script, use: AnyNode): boolean {
  let node = use;
  let around = script.parents.get(node);
  while (around?.type === 'MemberExpression' && around.object === node) {
    node = around;
    around = script.parents.get(node);
  }
  if (around?.type !== 'CallExpression' && around?.type !== 'NewExpression') return false;
  return around.callee === node;
}
