import type { Binding, FunctionNode, Graph, Ref } from './graph.ts';
import { isExported } from './imports.ts';
import type { LiveScope } from './inspect.ts';
import { refuse } from './refusal.ts';

interface Use {
  readonly node: FunctionNode;
  readonly binding: Binding;
}

/**
 * V8 hands out copies of scopes, so two functions' variables of one declaration can be one variable
 * or two. It matters only if a captured function writes it.
 *
 * @throws ScatterError `CAPTURE_UNSUPPORTED` where it matters and cannot be known
 */
export function checkSharing(graph: Graph, functions: readonly FunctionNode[]): void {
  const uses = functions.flatMap((node) => node.bindings.map((binding) => ({ node, binding })));
  const byDeclaration = Map.groupBy(uses, ({ binding }) => binding.declaration);
  for (const group of byDeclaration.values()) {
    const writers = group.filter(({ binding }) => binding.free.isWritten);
    for (const writer of writers) {
      if (writer.binding.isTopLevel) checkImporters(writer, uses, graph);
      else checkOthers(writer, group);
    }
  }
}

function checkOthers(writer: Use, group: readonly Use[]): void {
  const other = group.find((use) => use !== writer && mayBeOne(use.binding, writer.binding));
  if (other !== undefined) refuseShared(writer, other);
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
      node.properties.some(({ key, value }) => key !== 'default' && isSame(value, ref)),
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
  return names.every((name) => {
    const first = Object.getOwnPropertyDescriptor(one.variables, name);
    const second = Object.getOwnPropertyDescriptor(other.variables, name);
    return Object.is(first?.value, second?.value);
  });
}

function refuseShared(writer: Use, other: Use): never {
  const { name } = writer.binding.free;
  const problem =
    `\`${name}\` is assigned by function ${writer.node.trail.text} and used by function ` +
    `${other.node.trail.text}, and it cannot be known that they share one variable`;
  const fix = `keep it in an object: \`const state = { ${name} }\``;
  refuse(problem, fix, { kind: 'variable', text: name, before: other.node.trail });
}
