/** A made-up program: modules whose declarations use each other. */
export interface ModuleGraph {
  readonly modules: readonly GraphModule[];
  /** Names of the functions that are captured. */
  readonly roots: readonly string[];
}

export interface GraphModule {
  /** Name of its file. */
  readonly file: string;
  readonly isCommonJs: boolean;
  /** In the order in which they are written. */
  readonly declarations: readonly Declaration[];
  /** The one that is also the default export. */
  readonly defaultExport: string | undefined;
  /** How it imports what it uses of others, by name. */
  readonly ways: ReadonlyMap<string, Way>;
  readonly layout: Layout;
}

export interface Declaration {
  /** Unique in the whole graph. */
  readonly name: string;
  readonly kind: 'number' | 'function' | 'arrow' | 'object' | 'class';
  /** A literal in it: an edit changes it. */
  readonly value: number;
  /** Names of the declarations that its code mentions. */
  readonly uses: readonly string[];
  /** The class that a class extends. */
  readonly parent: string | undefined;
}

/** How a name comes into a module: `renamed`, `list` and `star` go through a module in between. */
export type Way = 'named' | 'aliased' | 'default' | 'namespace' | 'renamed' | 'list' | 'star';

/** How a module is written, which must not matter. */
export interface Layout {
  readonly comment: string;
  readonly blankLines: number;
  /** Name of something that nobody uses and that is not exported. */
  readonly unusedName: string;
  /** Spaces inside of functions; the text of a function is its own, so this may matter. */
  readonly isLoose: boolean;
}

/** Everything that a declaration reaches, itself included: worked out from the model alone. */
export function reachOf(graph: ModuleGraph, name: string): ReadonlySet<string> {
  const all = new Map(declarationsOf(graph).map((one) => [one.name, one]));
  const reached = new Set([name]);
  // The set grows while it is walked through.
  for (const one of reached) {
    const { uses = [], parent } = all.get(one) ?? {};
    for (const next of uses) reached.add(next);
    if (parent !== undefined) reached.add(parent);
  }
  return reached;
}

export function declarationsOf(graph: ModuleGraph): Declaration[] {
  return graph.modules.flatMap(({ declarations }) => declarations);
}

export function homeOf(graph: ModuleGraph, name: string): GraphModule {
  const home = graph.modules.find(({ declarations }) =>
    declarations.some((one) => one.name === name),
  );
  if (home === undefined) throw new Error(`${name} is declared nowhere`);
  return home;
}
