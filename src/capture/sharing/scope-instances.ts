import type { AnyNode } from 'acorn';
import type { Scope, Variable } from 'eslint-scope';
import { initialiserOf } from '../names/initialisers.ts';
import type { FunctionSyntax } from '../scripts/syntax.ts';
import { isTopLevel } from '../scripts/top-level.ts';
import type { Binding, FunctionNode } from '../walk/graph.ts';

/**
 * Which functions were made in one and the same run of a scope. V8 tells of each function only copies
 * of its variables, so this is proven or unknown: a variable that holds the very function that its
 * declaration makes was made together with that function, and so were all scopes around them.
 */
export class ScopeInstances {
  readonly #parents = new Map<string, string>();
  readonly #ids = new Map<object, number>();

  constructor(functions: readonly FunctionNode[]) {
    for (const node of functions) {
      for (const binding of node.bindings) this.#compare(node, binding);
    }
  }

  /** The same text for two functions that surely have one variable of this scope. */
  of(node: FunctionNode, scope: Scope): string {
    return this.#find(this.#key(node, scope));
  }

  /** Two functions saw the same fresh object in a constant of the scope: it is one scope. */
  join(one: FunctionNode, other: FunctionNode, scope: Scope): void {
    for (let around: Scope | null = scope; around !== null; around = around.upper) {
      this.#parents.set(this.of(one, around), this.of(other, around));
    }
  }

  #compare(node: FunctionNode, { free, ref }: Binding): void {
    const { variable } = free;
    if (variable === undefined || typeof ref === 'string' || ref.kind !== 'function') return;
    if (isTopLevel(node.script, variable) || declaredFunction(variable) !== ref.syntax) return;
    if (ref !== node) this.join(node, ref, variable.scope);
  }

  #find(key: string): string {
    let root = key;
    for (let next = this.#parents.get(root); next !== undefined && next !== root; ) {
      root = next;
      next = this.#parents.get(root);
    }
    return root;
  }

  #key(node: FunctionNode, scope: Scope): string {
    return `${this.#id(node)}:${this.#id(scope)}`;
  }

  #id(object: object): number {
    const id = this.#ids.get(object) ?? this.#ids.size;
    this.#ids.set(object, id);
    return id;
  }
}

/** The function or class that a variable is declared to be, and that nobody replaces. */
function declaredFunction(variable: Variable): FunctionSyntax | undefined {
  const [definition, second] = variable.defs;
  if (definition === undefined || second !== undefined) return undefined;
  if (definition.type === 'FunctionName' || definition.type === 'ClassName') {
    const isAssigned = variable.references.some((reference) => reference.isWrite());
    return isAssigned ? undefined : (definition.node as unknown as FunctionSyntax);
  }
  const initialiser = initialiserOf(variable);
  if (initialiser?.declarator.id.type !== 'Identifier') return undefined;
  return unwrapped(initialiser.init) as FunctionSyntax;
}

/** esbuild writes `__name(() => …, "name")` to keep names. */
function unwrapped(init: AnyNode): AnyNode {
  const isNamed =
    init.type === 'CallExpression' &&
    init.callee.type === 'Identifier' &&
    init.callee.name === '__name';
  return isNamed ? (init.arguments[0] ?? init) : init;
}
