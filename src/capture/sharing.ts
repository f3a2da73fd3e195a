import type { Scope } from 'eslint-scope';
import type { Binding, FunctionNode, Graph, Ref } from './graph.ts';
import { isExported } from './imports.ts';
import { initialiserOf } from './initialisers.ts';
import type { LiveScope } from './inspect.ts';
import { refuse } from './refusal.ts';
import type { ScopeInstances } from './scope-instances.ts';

interface Use {
  readonly node: FunctionNode;
  readonly binding: Binding;
}

/** The variables of inner scopes that several functions use and one of them writes. */
export interface SharedVariables {
  has(node: FunctionNode, binding: Binding): boolean;
  /** The runs of scopes that have such variables, as `ScopeInstances` names them. */
  readonly scopes: ReadonlySet<string>;
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
): SharedVariables {
  const uses = functions.flatMap((node) => node.bindings.map((binding) => ({ node, binding })));
  const byDeclaration = Map.groupBy(uses, ({ binding }) => binding.declaration);
  const shared: Use[] = [];
  for (const group of byDeclaration.values()) {
    for (const writer of group.filter(({ binding }) => binding.free.isWritten)) {
      if (writer.binding.isTopLevel) checkImporters(writer, uses, graph);
      else if (isSharedWith(writer, group, instances)) shared.push(writer);
    }
  }
  // Named when everything that is known of the scopes is known.
  const keys = new Set(shared.map(({ node, binding }) => keyOf(node, binding, instances)));
  return {
    has: (node, binding) => keys.has(keyOf(node, binding, instances)),
    scopes: new Set(shared.flatMap(({ node, binding }) => scopeKey(node, binding, instances))),
  };
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
    const init = initialiserOf(variable)?.init;
    if (init === undefined || !FRESH.has(init.type)) return false;
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

/** An import is a live view of the exporting module's variable; here it would become a copy. */
function checkImporters(writer: Use, uses: readonly Use[], graph: Graph): void {
  const { free, ref } = writer.binding;
  if (free.variable === undefined || !isExported(writer.node.script, free.variable)) return;
  const importer = uses.find(({ binding }) => isImport(binding) && binding.ref === ref);
  if (importer !== undefined) refuseShared(writer, importer);
  const isInNamespace = graph.nodes.some(
    (node) =>
      node.kind === 'value' &&
      node.shape.type === 'namespace' &&
      node.properties.some(
        ({ key, content }) => key !== 'default' && 'value' in content && isSame(content.value, ref),
      ),
  );
  if (isInNamespace) refuseShared(writer, writer);
}

function isImport({ free }: Binding): boolean {
  return free.variable?.defs[0]?.type === 'ImportBinding';
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
