import * as fc from 'fast-check';
import {
  type Declaration,
  declarationsOf,
  type GraphModule,
  homeOf,
  type ModuleGraph,
  reachOf,
} from './graph.ts';

/** A change of one module, and what it must and must not do to each root. */
export interface Edit {
  readonly what: string;
  readonly after: ModuleGraph;
  /** Roots whose digest must be another one. */
  readonly changed: readonly string[];
  /** Roots whose digest must stay. */
  readonly kept: readonly string[];
}

type Change = (module: GraphModule, at: number) => GraphModule;

/** One edit of a graph; two of three are of something that a root reaches. */
export function editsOf(graph: ModuleGraph): fc.Arbitrary<Edit> {
  const reached = graph.roots.flatMap((root) => [...reachOf(graph, root)]);
  const all = declarationsOf(graph).map(({ name }) => name);
  const target = fc.oneof(
    { arbitrary: fc.constantFrom(...all), weight: 1 },
    { arbitrary: fc.constantFrom(...reached), weight: 2 },
  );
  return fc
    .record({ target, change: fc.constantFrom(...CHANGES) })
    .map(({ target: name, change: [what, change, touched] }) => {
      const module = homeOf(graph, name);
      const at = module.declarations.findIndex((one) => one.name === name);
      const modules = graph.modules.map((one) => (one === module ? change(one, at) : one));
      const effect = effectOf(graph, touched(module, at));
      return { what: `${what} of ${name}`, after: { ...graph, modules }, ...effect };
    });
}

/** What of a module's declarations an edit changes for certain, and what it may change. */
interface Touched {
  readonly certain: readonly Declaration[];
  readonly possible: readonly Declaration[];
}

const NOTHING: Touched = { certain: [], possible: [] };

const CHANGES: readonly [string, Change, (module: GraphModule, at: number) => Touched][] = [
  ['the value', changeValue, touchOne],
  ['the value, again,', changeValue, touchOne],
  ['one use', dropUse, touchUser],
  [
    'the comments in the file',
    (module) => withLayout(module, { comment: 'edited' }),
    () => NOTHING,
  ],
  ['the blank lines in the file', (module) => withLayout(module, { blankLines: 3 }), () => NOTHING],
  [
    'an unused name in the file',
    (module) => withLayout(module, { unusedName: 'nobodyElse' }),
    () => NOTHING,
  ],
  ['the order in the file', reorder, () => NOTHING],
  [
    'the spaces in functions of the file',
    (module) => withLayout(module, { isLoose: true }),
    touchSpelling,
  ],
];

function changeValue(module: GraphModule, at: number): GraphModule {
  return withDeclaration(module, at, (one) => ({ ...one, value: one.value + 1000 }));
}

function touchOne({ declarations }: GraphModule, at: number): Touched {
  return { certain: declarations.slice(at, at + 1), possible: [] };
}

function dropUse(module: GraphModule, at: number): GraphModule {
  return withDeclaration(module, at, (one) => ({ ...one, uses: one.uses.slice(1) }));
}

function touchUser({ declarations }: GraphModule, at: number): Touched {
  const certain = declarations.slice(at, at + 1).filter(({ uses }) => uses.length > 0);
  return { certain, possible: [] };
}

/** The text of a function belongs to it, so this may change all that have one. */
function touchSpelling({ declarations }: GraphModule): Touched {
  return { certain: [], possible: declarations };
}

/** Functions stand anywhere; what is computed when the module begins stays where it is. */
function reorder(module: GraphModule): GraphModule {
  const isFunction = ({ kind }: Declaration): boolean => kind === 'function' || kind === 'arrow';
  const functions = module.declarations.filter(isFunction).toReversed();
  const others = module.declarations.filter((one) => !isFunction(one));
  return { ...module, declarations: [...others, ...functions] };
}

function withDeclaration(
  module: GraphModule,
  at: number,
  change: (one: Declaration) => Declaration,
): GraphModule {
  const declarations = module.declarations.map((one, index) => (index === at ? change(one) : one));
  return { ...module, declarations };
}

function withLayout(module: GraphModule, layout: Partial<GraphModule['layout']>): GraphModule {
  return { ...module, layout: { ...module.layout, ...layout } };
}

function effectOf(
  graph: ModuleGraph,
  { certain, possible }: Touched,
): Pick<Edit, 'changed' | 'kept'> {
  const reaches = (root: string, touched: readonly Declaration[]): boolean => {
    const reach = reachOf(graph, root);
    return touched.some(({ name }) => reach.has(name));
  };
  const changed = graph.roots.filter((root) => reaches(root, certain));
  const kept = graph.roots.filter((root) => !reaches(root, certain) && !reaches(root, possible));
  return { changed, kept };
}
