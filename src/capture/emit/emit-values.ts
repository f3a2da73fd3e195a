import {
  type Graph,
  type GraphNode,
  type InitialiserNode,
  type Ref,
  referencesOf,
  type SetUpNode,
} from '../walk/graph.ts';
import { emitInitialiser, emitSetUp } from './emit-initialiser.ts';
import { type Closing, objectText } from './object-text.ts';
import type { OwnNames } from './own-names.ts';
import type { Piece } from './piece.ts';
import { hostText, type Places } from './places.ts';

// Literals may stand in one another, but not so deep that a parser runs out of stack.
const DEEPEST_LITERAL = 20;

/** The statements that make the values. */
export interface ValueLines {
  readonly early: Piece[];
  /** What runs an initialiser, or needs what one gives; functions have their variables by then. */
  readonly late: Piece[];
  /** What closes circles, to be run when all values have a place. */
  readonly closing: { readonly early: string[]; readonly late: string[] };
}

/**
 * Writes the values so that what an object needs stands before it. What would be a circle is left
 * open and closed by an assignment afterwards.
 */
export class ValueWriter {
  readonly #graph: Graph;
  readonly #places: Places;
  readonly #names: OwnNames;
  readonly #depths = new Map<GraphNode, number>();
  readonly #uses = new Map<GraphNode, number>();
  readonly #late = new Set<GraphNode>();
  readonly #lines: ValueLines = { early: [], late: [], closing: { early: [], late: [] } };
  readonly #closing: { readonly node: GraphNode; readonly make: () => string }[] = [];
  #count = 0;

  /** Adds to `places` where each node can be read. */
  constructor(graph: Graph, places: Places, names: OwnNames) {
    this.#graph = graph;
    this.#places = places;
    this.#names = names;
  }

  run(): ValueLines {
    for (const node of this.#graph.nodes) this.#countUses(node);
    // Before what uses the packages that they change.
    for (const node of this.#graph.nodes) if (node.kind === 'set-up') this.#write(node);
    for (const node of this.#graph.nodes) {
      if (isAround(node)) for (const ref of referencesOf(node)) this.#write(ref);
    }
    this.#write(this.#graph.root);
    const { early, late } = this.#lines.closing;
    for (const { node, make } of this.#closing) (this.isLate(node) ? late : early).push(make());
    return this.#lines;
  }

  /** Whether a node or what it holds is there only after the initialisers have run. */
  isLate(node: GraphNode): boolean {
    if (this.#late.has(node)) return true;
    return referencesOf(node).some((ref) => typeof ref !== 'string' && this.#late.has(ref));
  }

  #countUses(node: GraphNode): void {
    // What a function uses, or what is frozen at the end, needs a place of its own: two uses at least.
    const weight = isAround(node) || isRun(node) ? 2 : 1;
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
        const parts = this.#needsOf(ref).filter((part) => !isEntered(part, entered));
        for (const part of parts.toReversed()) open.push(part);
      }
    }
  }

  /** An initialiser may call the functions it uses, so it needs what these need, too. */
  #needsOf(node: GraphNode): readonly Ref[] {
    if (!isRun(node)) return referencesOf(node);
    const needs = new Set<Ref>(referencesOf(node));
    // The set grows while it is walked through.
    for (const need of needs) {
      if (typeof need === 'string' || !isAround(need)) continue;
      for (const ref of referencesOf(need)) needs.add(ref);
    }
    needs.delete(node);
    return [...needs];
  }

  #place(node: GraphNode): void {
    if (node.kind === 'initialiser') return this.#placeInitialiser(node);
    if (node.kind === 'set-up') return this.#placeSetUp(node);
    const { text, closing } = this.#textOf(node);
    const isLate = referencesOf(node).some((ref) => typeof ref !== 'string' && this.#late.has(ref));
    if (isLate) this.#late.add(node);
    const depth = 1 + this.#deepestPart(node);
    if (closing.length === 0 && depth <= DEEPEST_LITERAL && this.#isPartOfOne(node)) {
      this.#depths.set(node, depth);
      this.#places.put(node, text);
      return;
    }
    const place = this.#nextPlace(node);
    (isLate ? this.#lines.late : this.#lines.early).push(`${place} = ${text};\n`);
    for (const close of closing) {
      this.#closing.push({ node, make: () => `${close(place, this.#places.textOf)};\n` });
    }
  }

  #placeInitialiser(node: InitialiserNode): void {
    const pieces = emitInitialiser(node, this.#places);
    this.#late.add(node);
    this.#lines.late.push(
      `${this.#names.setters}.forEach((set) => set());\n`,
      `${this.#nextPlace(node)} = `,
      ...pieces,
      ';\n',
    );
  }

  #placeSetUp(node: SetUpNode): void {
    const pieces = emitSetUp(node, this.#places);
    this.#places.put(node, '');
    this.#lines.late.push(`${this.#names.setters}.forEach((set) => set());\n`, ...pieces, ';\n');
  }

  #nextPlace(node: GraphNode): string {
    const place = `${this.#names.values}[${this.#count++}]`;
    this.#places.put(node, place);
    return place;
  }

  #textOf(node: GraphNode): { text: string; closing: readonly Closing[] } {
    if (node.kind === 'value') return objectText(node, this.#places.textOf);
    if (node.kind === 'expression') return { text: node.text, closing: [] };
    return { text: hostText(node, this.#graph, this.#names) ?? 'void 0', closing: [] };
  }

  #deepestPart(node: GraphNode): number {
    let deepest = 0;
    for (const ref of referencesOf(node)) {
      if (typeof ref !== 'string') deepest = Math.max(deepest, this.#depths.get(ref) ?? 0);
    }
    return deepest;
  }

  #isPartOfOne(node: GraphNode): boolean {
    if (node === this.#graph.root || node.kind === 'link' || node.kind === 'capability')
      return false;
    return this.#uses.get(node) === 1 && !(node.kind === 'value' && node.integrity);
  }
}

/** Code that runs when the artifact is loaded. */
function isRun(node: GraphNode): boolean {
  return node.kind === 'initialiser' || node.kind === 'set-up';
}

/** Functions and what comes with them have their places from the beginning. */
function isAround(node: GraphNode): boolean {
  return node.kind === 'function' || node.kind === 'part';
}

function isEntered(ref: Ref, entered: ReadonlySet<GraphNode>): boolean {
  return typeof ref !== 'string' && entered.has(ref);
}
