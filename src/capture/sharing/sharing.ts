import type { Scope } from 'eslint-scope';
import { initialiserOf } from '../names/initialisers.ts';
import { refuse } from '../refusal/refusal.ts';
import type { FunctionReader } from '../scripts/functions.ts';
import type { LiveScope } from '../scripts/inspected.ts';
import type {
  Binding,
  FunctionNode,
  Graph,
  InitialiserNode,
  LiveNode,
  Ref,
} from '../walk/graph.ts';
import { LiveImports, refuseCopied, type Use } from './live-imports.ts';
import type { ScopeInstances } from './scope-instances.ts';

/** The variables of inner scopes that several functions use and one of them writes. */
export interface SharedVariables {
  has(node: FunctionNode, binding: Binding): boolean;
  /** The runs of scopes that have such variables, as `ScopeInstances` names them. */
  readonly scopes: ReadonlySet<string>;
  /** Variables of modules that others import. */
  readonly live: readonly LiveNode[];
}

/**
 * V8 hands out copies of scopes, so two functions' variables of one declaration can be one variable
 * or two. It matters only if a captured function writes it.
 *
 * @throws Refusal where it matters and cannot be known
 */
export function findShared(
  graph: Graph,
  functions: readonly FunctionNode[],
  instances: ScopeInstances,
  reader: FunctionReader,
): SharedVariables {
  const uses = functions.flatMap((node) => node.bindings.map((binding) => ({ node, binding })));
  const byDeclaration = Map.groupBy(uses, ({ binding }) => binding.declaration);
  const imports = new LiveImports(graph, uses, reader);
  const shared: Use[] = [];
  checkInitialisers(graph, uses);
  for (const group of byDeclaration.values()) {
    for (const writer of group.filter(({ binding }) => binding.free.isWritten)) {
      if (writer.binding.isTopLevel) imports.connect(writer, (use) => refuseShared(writer, use));
      else if (isSharedWith(writer, group, instances)) shared.push(writer);
    }
  }
  // Named when everything that is known of the scopes is known.
  const keys = new Set(shared.map(({ node, binding }) => keyOf(node, binding, instances)));
  return {
    has: (node, binding) => keys.has(keyOf(node, binding, instances)),
    live: imports.nodes,
    scopes: new Set(shared.flatMap(({ node, binding }) => scopeKey(node, binding, instances))),
  };
}

/** An initialiser that runs anew has copies of the variables it names. @throws Refusal */
function checkInitialisers(graph: Graph, uses: readonly Use[]): void {
  const initialisers = graph.nodes.filter((node) => node.kind === 'initialiser');
  for (const node of initialisers) {
    const others = [...uses, ...initialisers.filter((one) => one !== node).flatMap(usesOf)];
    const copied = node.bindings.find((one) =>
      others.some(({ binding }) => isWrittenBy(one, binding)),
    );
    if (copied !== undefined) refuseCopied(node, copied);
  }
}

function isWrittenBy(one: Binding, other: Binding): boolean {
  return one.declaration === other.declaration && (one.free.isWritten || other.free.isWritten);
}

function usesOf(node: InitialiserNode): { binding: Binding }[] {
  return node.bindings.map((binding) => ({ binding }));
}

function keyOf(node: FunctionNode, binding: Binding, instances: ScopeInstances): string {
  return `${binding.declaration} of ${scopeKey(node, binding, instances).join()}`;
}

function scopeKey(node: FunctionNode, { free }: Binding, instances: ScopeInstances): string[] {
  const scope = free.variable?.scope;
  return scope === undefined ? [] : [instances.of(node, scope)];
}

function isSharedWith(writer: Use, group: readonly Use[], instances: ScopeInstances): boolean {
  const scope = writer.binding.free.variable?.scope;
  const others = group.filter((use) => use !== writer && mayBeOne(use.binding, writer.binding));
  if (others.length === 0 || scope === undefined) return false;
  for (const other of others) {
    const isOne = (): boolean =>
      instances.of(other.node, scope) === instances.of(writer.node, scope);
    if (!isOne() && haveFreshConstant(scope, writer.binding, other.binding)) {
      instances.join(writer.node, other.node, scope);
    }
    if (!isOne()) refuseShared(writer, other);
  }
  return true;
}

/** Whether both see one object in a constant whose initialiser makes a new one each time it runs. */
function haveFreshConstant(scope: Scope, one: Binding, other: Binding): boolean {
  return scope.variables.some((variable) => {
    const { init, declarator } = initialiserOf(variable) ?? {};
    // What is taken out of a new object may be old itself.
    if (declarator?.id.type !== 'Identifier' || !init || !FRESH.has(init.type)) return false;
    const value = slotOf(one.scope, variable.name);
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    return isObject && value === slotOf(other.scope, variable.name);
  });
}

const FRESH = new Set<string>([
  'ObjectExpression',
  'ArrayExpression',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassExpression',
]);

function slotOf(scope: LiveScope, name: string): unknown {
  return Object.getOwnPropertyDescriptor(scope.variables, name)?.value;
}

function mayBeOne(one: Binding, other: Binding): boolean {
  return isSame(one.ref, other.ref) && hasSameSlots(one.scope, other.scope);
}

function isSame(one: Ref, other: Ref): boolean {
  return one === other;
}

/** Two scopes with any different variable are certainly two. */
function hasSameSlots(one: LiveScope, other: LiveScope): boolean {
  const names = Object.getOwnPropertyNames(one.variables);
  if (names.length !== Object.getOwnPropertyNames(other.variables).length) return false;
  return names.every((name) => Object.is(slotOf(one, name), slotOf(other, name)));
}

function refuseShared(writer: Use, other: Use): never {
  const { name } = writer.binding.free;
  const problem =
    `\`${name}\` is assigned by function ${writer.node.trail.text} and used by function ` +
    `${other.node.trail.text}, and it cannot be known that they share one variable`;
  const fix = `keep it in an object: \`const state = { ${name} }\``;
  refuse(problem, fix, { kind: 'variable', text: name, before: other.node.trail });
}
