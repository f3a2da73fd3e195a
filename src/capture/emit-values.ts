import type { Graph, GraphNode, Ref } from './graph.ts';
import { stringText } from './literal.ts';
import { type ObjectText, objectText, referencesOf } from './object-text.ts';
import type { OwnNames } from './own-names.ts';

// Literals may stand in one another, but not so deep that a parser runs out of stack.
const DEEPEST_LITERAL = 20;

/**
 * Writes the values so that what an object needs stands before it. What would be a circle is left
 * open and closed by an assignment afterwards.
 */
export class ValueWriter {
  readonly #graph: Graph;
  readonly #places: Map<GraphNode, string>;
  readonly #names: OwnNames;
  readonly #depths = new Map<GraphNode, number>();
  readonly #uses = new Map<GraphNode, number>();
  readonly #lines: string[] = [];
  readonly #closing: (() => string)[] = [];
  #count = 0;

  /** Adds to `places` where each node can be read; functions are there already. */
  constructor(graph: Graph, places: Map<GraphNode, string>, names: OwnNames) {
    this.#graph = graph;
    this.#places = places;
    this.#names = names;
  }

  run(): readonly string[] {
    for (const node of this.#graph.nodes) this.#countUses(node);
    for (const node of this.#graph.nodes) {
      if (node.kind === 'function') for (const ref of referencesOf(node)) this.#write(ref);
    }
    this.#write(this.#graph.root);
    return [...this.#lines, ...this.#closing.map((close) => close())];
  }

  #countUses(node: GraphNode): void {
    // What a function uses, or what is frozen at the end, needs a place of its own: two uses at least.
    const weight = node.kind === 'function' ? 2 : 1;
    for (const ref of referencesOf(node)) {
      if (typeof ref !== 'string') this.#uses.set(ref, (this.#uses.get(ref) ?? 0) + weight);
    }
  }

  /** Depth first without recursion: a node is entered, then its parts, then it is left. */
  #write(start: Ref): void {
    const entered = new Set<GraphNode>();
    const open: Ref[] = [start];
    for (let ref = open.at(-1); ref !== undefined; ref = open.at(-1)) {
      if (typeof ref === 'string' || this.#places.has(ref)) {
        open.pop();
      } else if (entered.has(ref)) {
        open.pop();
        this.#place(ref);
      } else {
        entered.add(ref);
        // A part that is entered already is above us: the circle is closed later.
        const parts = referencesOf(ref).filter((part) => !isEntered(part, entered));
        for (const part of parts.toReversed()) open.push(part);
      }
    }
  }

  #place(node: GraphNode): void {
    const { text, closing } = this.#textOf(node);
    const depth = 1 + this.#deepestPart(node);
    if (closing.length === 0 && depth <= DEEPEST_LITERAL && this.#isPartOfOne(node)) {
      this.#depths.set(node, depth);
      this.#places.set(node, text);
      return;
    }
    const place = `${this.#names.values}[${this.#count++}]`;
    this.#places.set(node, place);
    this.#lines.push(`${place} = ${text};\n`);
    for (const close of closing) {
      this.#closing.push(
        () => `${close(place, this.#refText)};
`,
      );
    }
  }

  #textOf(node: GraphNode): ObjectText {
    if (node.kind === 'expression') return { text: node.text, closing: [] };
    if (node.kind === 'link') {
      const index = this.#graph.links.indexOf(node.reference);
      return { text: `${this.#names.scatter}.link(${index})`, closing: [] };
    }
    if (node.kind === 'capability') {
      const index = this.#graph.requires.indexOf(node.capability);
      const path = node.path.map((key) => `[${stringText(key)}]`).join('');
      return { text: `${this.#names.scatter}.capability(${index})${path}`, closing: [] };
    }
    if (node.kind === 'value') return objectText(node, this.#refText);
    return { text: this.#refText(node) ?? 'void 0', closing: [] };
  }

  #deepestPart(node: GraphNode): number {
    let deepest = 0;
    for (const ref of referencesOf(node)) {
      if (typeof ref !== 'string') deepest = Math.max(deepest, this.#depths.get(ref) ?? 0);
    }
    return deepest;
  }

  #isPartOfOne(node: GraphNode): boolean {
    if (node === this.#graph.root || node.kind === 'link') return false;
    if (node.kind === 'capability') return false;
    return this.#uses.get(node) === 1 && !(node.kind === 'value' && node.integrity);
  }

  readonly #refText = (ref: Ref): string | undefined =>
    typeof ref === 'string' ? ref : this.#places.get(ref);
}

function isEntered(ref: Ref, entered: ReadonlySet<GraphNode>): boolean {
  return typeof ref !== 'string' && entered.has(ref);
}
