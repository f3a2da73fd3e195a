import * as fc from 'fast-check';
import type { Declaration, GraphModule, Layout, ModuleGraph, Way } from './graph.ts';

type Draw = fc.GeneratorValue;
type Named = Pick<Declaration, 'name' | 'kind'>;

/**
 * Where a module stands. ES modules of the top import each other in any direction. What stands below
 * imports only what comes after it, and so is complete when a class extends one of its classes; `base`
 * is an ES module that imports nothing.
 */
type Layer = 'top' | 'commonjs' | 'base';

interface Sketch {
  readonly file: string;
  readonly layer: Layer;
  readonly names: readonly Named[];
}

const LAYOUT: Layout = { comment: '', blankLines: 0, unusedName: 'nobody', isLoose: false };
const KINDS: readonly Declaration['kind'][] = ['number', 'function', 'arrow', 'object', 'class'];
const DIRECT: readonly Way[] = ['named', 'aliased'];
const OF_MODULES: readonly Way[] = [...DIRECT, 'namespace', 'renamed', 'list', 'star'];

/** Graphs of two to five modules with two to five declarations each, and one to three roots. */
export function moduleGraphs(): fc.Arbitrary<ModuleGraph> {
  return fc.gen().map(makeGraph);
}

function makeGraph(draw: Draw): ModuleGraph {
  const sketches = Array.from({ length: 2 + below(draw, 4) }, (_, index) => sketch(draw, index));
  const modules = sketches.map((one, index) => complete(draw, one, index, sketches));
  const callable = modules.flatMap(({ declarations }) =>
    declarations.filter(({ kind }) => kind === 'function' || kind === 'arrow'),
  );
  const count = 1 + below(draw, 3);
  const roots = new Set(Array.from({ length: count }, () => pick(draw, callable).name));
  return { modules, roots: [...roots] };
}

function sketch(draw: Draw, index: number): Sketch {
  const layer = index === 0 ? 'top' : pick<Layer>(draw, ['top', 'top', 'commonjs', 'base']);
  const names = Array.from({ length: 2 + below(draw, 4) }, (_, at) => {
    const kind = at === 0 ? 'function' : pick(draw, KINDS);
    return { name: `${kind}${index}${'abcde'[at]}`, kind };
  });
  return { file: `m${index}.${layer === 'commonjs' ? 'cjs' : 'mjs'}`, layer, names };
}

function complete(draw: Draw, one: Sketch, index: number, all: readonly Sketch[]): GraphModule {
  const others = all.filter((other, at) => other !== one && mayImport(one, index, other, at));
  const finished = others.filter(({ layer }) => layer !== 'top').flatMap(({ names }) => names);
  const foreign = others.flatMap(({ names }) => names);
  const declarations = one.names.map((named, at) =>
    declare(draw, named, one.names.slice(0, at), [...one.names, ...foreign], finished),
  );
  const isCommonJs = one.layer === 'commonjs';
  const defaultExport = isCommonJs ? undefined : one.names[below(draw, one.names.length)]?.name;
  const ways = new Map<string, Way>();
  const parents = new Set(declarations.map(({ parent }) => parent));
  for (const { name } of foreign) {
    const isPlain = isCommonJs || parents.has(name) || sketchOf(all, name).layer === 'commonjs';
    ways.set(name, pick(draw, isPlain ? DIRECT : OF_MODULES));
  }
  return { file: one.file, isCommonJs, declarations, defaultExport, ways, layout: LAYOUT };
}

function mayImport(one: Sketch, index: number, other: Sketch, at: number): boolean {
  if (one.layer === 'top') return true;
  return one.layer === 'commonjs' && other.layer !== 'top' && at > index;
}

function declare(
  draw: Draw,
  { name, kind }: Named,
  before: readonly Named[],
  mentioned: readonly Named[],
  finished: readonly Named[],
): Declaration {
  const value = 1 + below(draw, 1000);
  const candidates = kind === 'number' ? before.filter((other) => other.kind === kind) : mentioned;
  const uses = new Set<string>();
  const count = below(draw, 4);
  for (let index = 0; index < count && candidates.length > 0; index += 1) {
    uses.add(pick(draw, candidates).name);
  }
  const parents = [...before, ...finished].filter((other) => other.kind === 'class');
  const extending = kind === 'class' && parents.length > 0 && below(draw, 2) === 0;
  const parent = extending ? pick(draw, parents).name : undefined;
  return { name, kind, value, uses: [...uses], parent };
}

function sketchOf(all: readonly Sketch[], name: string): Sketch {
  const found = all.find(({ names }) => names.some((one) => one.name === name));
  if (found === undefined) throw new Error(`${name} is declared nowhere`);
  return found;
}

function pick<T>(draw: Draw, values: readonly T[]): T {
  const chosen = values[below(draw, values.length)];
  if (chosen === undefined) throw new Error('there is nothing to pick');
  return chosen;
}

function below(draw: Draw, limit: number): number {
  return draw(fc.nat, { max: limit - 1 });
}
