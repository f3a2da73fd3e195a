import type { AnyNode, Identifier } from 'acorn';
import type { Reference, Scope, Variable } from 'eslint-scope';
import type { Node as ScopeNode } from 'estree';
import type { Script } from './script.ts';
import type { FunctionSyntax } from './syntax.ts';

/** A name that a function uses and does not declare. */
export interface FreeName {
  readonly name: string;
  /** Its declaration in the same script; undefined for what the script does not declare. */
  readonly variable: Variable | undefined;
  readonly isWritten: boolean;
  /** Where the function uses it, in the order of the text. */
  readonly uses: readonly Identifier[];
}

/** The free names of a function, in the order in which its text first uses them. */
export function freeNamesOf(script: Script, node: FunctionSyntax): readonly FreeName[] {
  const byName = Map.groupBy(outwardReferences(script, node), ({ identifier }) => identifier.name);
  return Array.from(byName, ([name, references]) => ({
    name,
    variable: references[0]?.resolved ?? undefined,
    isWritten: references.some((reference) => reference.isWrite()),
    uses: references.map(identifierOf).sort((one, other) => one.start - other.start),
  })).sort((one, other) => firstUse(one) - firstUse(other));
}

/** Whether the variable is declared at the top of its script, of which there is one. */
export function isTopLevel(variable: Variable): boolean {
  return variable.scope.block.type === 'Program';
}

/** Names one declaration among all of its script. */
export function declarationKey(script: Script, free: FreeName): string {
  const block = free.variable?.scope.block as unknown as AnyNode | undefined;
  const place = block === undefined ? '' : `${free.variable?.scope.type}@${block.start}`;
  return `${script.id}:${place}:${free.name}`;
}

function outwardReferences(script: Script, node: FunctionSyntax): readonly Reference[] {
  const scope: Scope | null = script.scopes.acquire(node as unknown as ScopeNode);
  return (scope?.through ?? []).filter(
    // A function expression's own name is declared in a scope around the function, yet belongs to it.
    ({ resolved }) => resolved?.scope.block !== (node as unknown as ScopeNode),
  );
}

function identifierOf(reference: Reference): Identifier {
  return reference.identifier as unknown as Identifier;
}

function firstUse(free: FreeName): number {
  return free.uses[0]?.start ?? 0;
}
