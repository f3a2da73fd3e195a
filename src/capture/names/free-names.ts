import type { AnyNode, Identifier } from 'acorn';
import type { Reference, Scope, Variable } from 'eslint-scope';
import type { Node as ScopeNode } from 'estree';
import { perNode } from '../scripts/per-node.ts';
import type { Script } from '../scripts/script.ts';
import { type FunctionSyntax, isWithin, type TextRange } from '../scripts/syntax.ts';

/** A name that a piece of code uses and does not declare. */
export interface FreeName {
  readonly name: string;
  /** Its declaration in the same script; undefined for what the script does not declare. */
  readonly variable: Variable | undefined;
  readonly isWritten: boolean;
  /** Where it is used, in the order of the text. */
  readonly uses: readonly Identifier[];
}

/**
 * The free names of a function, in the order in which its text first uses them.
 *
 * @param skipped parts of its text that are not taken
 */
export function freeNamesOf(
  script: Script,
  node: FunctionSyntax,
  skipped: readonly TextRange[],
): readonly FreeName[] {
  return skipped.length === 0 ? allFreeNames(script, node) : findFreeNames(script, node, skipped);
}

const allFreeNames = perNode((script, node) => findFreeNames(script, node as FunctionSyntax, []));

function findFreeNames(
  script: Script,
  node: FunctionSyntax,
  skipped: readonly TextRange[],
): readonly FreeName[] {
  const scope: Scope | null = script.scopes.acquire(node as unknown as ScopeNode);
  const outward = (scope?.through ?? []).filter(
    // A function expression's own name is declared in a scope around the function, yet belongs to it.
    ({ resolved }) => resolved?.scope.block !== (node as unknown as ScopeNode),
  );
  return group(
    outward.filter(({ identifier, resolved }) => {
      if (resolved === null && isDeclaredInBlock(script, node, identifier.name)) return false;
      return !skipped.some((range) => isWithin(identifier as unknown as Identifier, range));
    }),
  );
}

/** In sloppy code a function that is declared in a block is a variable of the function around it, too. */
function isDeclaredInBlock(script: Script, node: FunctionSyntax, name: string): boolean {
  if (script.isModule) return false;
  return script.functions.some(
    (one) => one.type === 'FunctionDeclaration' && one.id?.name === name && isWithin(one, node),
  );
}

/** The free names of any other piece of code, such as an initialiser. */
export const freeNamesWithin = perNode<readonly FreeName[]>((script, node) =>
  group(
    referencesWithin(script, node).filter(({ resolved }) => {
      const block = resolved?.scope.block as unknown as AnyNode | undefined;
      return block === undefined || !isWithin(block, node);
    }),
  ),
);

function referencesWithin(script: Script, range: TextRange): readonly Reference[] {
  const references = referencesInOrder(script, script.program);
  let low = 0;
  for (let high = references.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (startOf(references[middle]) < range.start) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < references.length && startOf(references[end]) < range.end) end += 1;
  return references.slice(low, end);
}

const referencesInOrder = perNode<readonly Reference[]>(({ scopes }) =>
  scopes.scopes
    .flatMap((scope) => scope.references)
    .sort((one, other) => startOf(one) - startOf(other)),
);

function startOf(reference: Reference | undefined): number {
  return reference === undefined ? Number.POSITIVE_INFINITY : identifierOf(reference).start;
}

/** The properties that are read of a name; undefined if it is used in any other way as well. */
export function membersRead(script: Script, free: FreeName): readonly string[] | undefined {
  if (free.isWritten) return undefined;
  const names = free.uses.map((use) => memberRead(script, use));
  return names.some((name) => name === undefined)
    ? undefined
    : [...new Set(names as readonly string[])];
}

function memberRead(script: Script, use: Identifier): string | undefined {
  const parent = script.parents.get(use);
  if (parent?.type !== 'MemberExpression' || parent.object !== use) return undefined;
  const around = script.parents.get(parent);
  const isChanged =
    (around?.type === 'AssignmentExpression' && around.left === parent) ||
    around?.type === 'UpdateExpression' ||
    (around?.type === 'UnaryExpression' && around.operator === 'delete');
  if (isChanged) return undefined;
  const { property } = parent;
  if (parent.computed) return property.type === 'Literal' ? String(property.value) : undefined;
  return property.type === 'Identifier' ? property.name : undefined;
}

/** Names one declaration among all of its script. */
export function declarationKey(script: Script, free: FreeName): string {
  const block = free.variable?.scope.block as unknown as AnyNode | undefined;
  const place = block === undefined ? '' : `${free.variable?.scope.type}@${block.start}`;
  return `${script.id}:${place}:${free.name}`;
}

function group(references: readonly Reference[]): readonly FreeName[] {
  const byName = Map.groupBy(references, ({ identifier }) => identifier.name);
  return Array.from(byName, ([name, same]) => ({
    name,
    variable: same[0]?.resolved ?? undefined,
    isWritten: same.some((reference) => reference.isWrite() && !reference.init),
    uses: same.map(identifierOf).sort((one, other) => one.start - other.start),
  })).sort((one, other) => firstUse(one) - firstUse(other));
}

function identifierOf(reference: Reference): Identifier {
  return reference.identifier as unknown as Identifier;
}

function firstUse(free: FreeName): number {
  return free.uses[0]?.start ?? 0;
}
