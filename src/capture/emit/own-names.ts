import { freeNamesOf } from '../names/free-names.ts';
import { isClassSyntax } from '../scripts/syntax.ts';
import type { FunctionNode } from '../walk/graph.ts';

/** The names that the emitted code uses itself; none is free in a captured function. */
export interface OwnNames {
  readonly scatter: string;
  readonly bundle: string;
  readonly symbols: string;
  readonly functions: string;
  readonly values: string;
  readonly setters: string;
  /** Getters of variables that other modules import. */
  readonly live: string;
  /** Setters of the static private fields of classes. */
  readonly privates: string;
}

export function chooseNames(functions: readonly FunctionNode[]): OwnNames {
  const taken = new Set(functions.flatMap(namesIn));
  const choose = (name: string): string => (taken.has(name) ? choose(`${name}$`) : name);
  return {
    scatter: choose('$scatter'),
    bundle: choose('$b'),
    symbols: choose('$y'),
    functions: choose('$f'),
    values: choose('$v'),
    setters: choose('$s'),
    live: choose('$l'),
    privates: choose('$p'),
  };
}

function namesIn({ script, syntax, edits }: FunctionNode): string[] {
  const names = freeNamesOf(script, syntax, edits).map(({ name }) => name);
  // Code of ours stands in the body of a class, in reach of its name.
  return isClassSyntax(syntax) && syntax.id ? [...names, syntax.id.name] : names;
}
