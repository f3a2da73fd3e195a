import type { PackageExport } from '../names/packages.ts';
import { stringText } from '../values/literal.ts';
import {
  type FunctionNode,
  type Graph,
  type GraphNode,
  type LiveNode,
  type PackageNode,
  type PartNode,
  type Ref,
  writtenFunctions,
} from '../walk/graph.ts';
import { keyExpression } from './object-text.ts';
import type { OwnNames } from './own-names.ts';

/** Where each node can be read in the artifact. */
export class Places {
  readonly #graph: Graph;
  readonly #names: OwnNames;
  readonly #texts = new Map<GraphNode, string>();
  #live = 0;
  /** What the bundle must export, by the names it gives them. */
  readonly imports: readonly (PackageExport & { readonly id: string })[];
  readonly symbols: readonly string[];
  /** The functions that are written out, in the order of their places. */
  readonly functions: readonly FunctionNode[];

  constructor(graph: Graph, names: OwnNames) {
    this.#graph = graph;
    this.#names = names;
    this.functions = writtenFunctions(graph);
    for (const [index, node] of this.functions.entries()) {
      this.#texts.set(node, `${names.functions}[${index}]`);
    }
    this.symbols = this.#placeSymbols();
    this.imports = this.#placePackages();
  }

  /** Undefined as long as the node has no place. */
  readonly textOf = (ref: Ref): string | undefined => {
    if (typeof ref === 'string') return ref;
    const known = this.#texts.get(ref);
    if (known !== undefined) return known;
    if (ref.kind === 'function' && ref.member !== undefined) return this.#partText(ref.member);
    if (ref.kind === 'part') return this.#partText(ref);
    return ref.kind === 'live' ? this.#placeLive(ref) : undefined;
  };

  has(node: GraphNode): boolean {
    return this.textOf(node) !== undefined;
  }

  put(node: GraphNode, text: string): void {
    this.#texts.set(node, text);
  }

  /** How many variables are read by other modules. */
  get liveCount(): number {
    return this.#live;
  }

  #placeLive(node: LiveNode): string {
    const text = `${this.#names.live}[${this.#live++}]`;
    this.#texts.set(node, text);
    return text;
  }

  #placeSymbols(): string[] {
    const symbols = this.#graph.nodes.filter((node) => node.kind === 'symbol');
    for (const [index, node] of symbols.entries()) {
      this.#texts.set(node, `${this.#names.symbols}[${index}]`);
    }
    return symbols.map(({ text }) => text);
  }

  #placePackages(): (PackageExport & { readonly id: string })[] {
    const nodes = this.#graph.nodes.filter((node): node is PackageNode => node.kind === 'package');
    return [...new Set(nodes)].map((node, index) => {
      const id = `p${index}`;
      this.#texts.set(node, `${this.#names.bundle}.${id}`);
      return { ...node.from, id };
    });
  }

  #partText({ owner, part }: PartNode): string {
    const home = this.textOf(owner) ?? '';
    if (part.type === 'prototype') return `${home}.prototype`;
    const holder = part.isStatic ? home : `${home}.prototype`;
    const key = keyExpression(part.key, this.textOf);
    if (part.slot === 'value') return `${holder}[${key}]`;
    return `Object.getOwnPropertyDescriptor(${holder}, ${key}).${part.slot}`;
  }
}

/** What `$scatter` gives for a node: a function behind a link, or a capability. */
export function hostText(
  node: GraphNode,
  { links, requires }: Graph,
  names: OwnNames,
): string | undefined {
  if (node.kind === 'link') return `${names.scatter}.link(${links.indexOf(node.reference)})`;
  if (node.kind !== 'capability') return undefined;
  const path = node.path.map((key) => `[${stringText(key)}]`).join('');
  return `${names.scatter}.capability(${requires.indexOf(node.capability)})${path}`;
}
