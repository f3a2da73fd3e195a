import { freeNamesOf } from './free-names.ts';
import type { FunctionNode } from './graph.ts';

/** The names that the emitted code uses itself; none is free in a captured function. */
export interface OwnNames {
  readonly scatter: string;
  readonly functions: string;
  readonly values: string;
  readonly setters: string;
}

export function chooseNames(functions: readonly FunctionNode[]): OwnNames {
  const free = functions.flatMap(({ script, syntax }) => freeNamesOf(script, syntax));
  const taken = new Set(free.map(({ name }) => name));
  const choose = (name: string): string => (taken.has(name) ? choose(`${name}$`) : name);
  return {
    scatter: choose('$scatter'),
    functions: choose('$f'),
    values: choose('$v'),
    setters: choose('$s'),
  };
}
