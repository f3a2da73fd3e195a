import { types } from 'node:util';
import { FETCH_CAPABILITY, FETCH_GLOBALS } from '../../model/fetch-capability.ts';
import type { AnyFunction } from '../../model/function-type.ts';
import { needsFetch } from '../names/fetch-globals.ts';
import type { FreeName } from '../names/free-names.ts';
import type { PackageExport, Packages } from '../names/packages.ts';
import { refuse } from '../refusal/refusal.ts';
import { subjectOf, type Tally, type Trail } from '../refusal/trail.ts';
import type { FunctionReader } from '../scripts/functions.ts';
import type { Script } from '../scripts/script.ts';
import { wellKnownName } from '../values/intrinsics.ts';
import { isObject } from '../values/is-object.ts';
import type { KnownObjects } from '../values/known.ts';
import { primitiveText, stringText } from '../values/literal.ts';
import type { Integrity, OpenProperty } from '../values/properties.ts';
import type { SecretCheck } from '../values/secrets.ts';
import type {
  CapabilityNode,
  CapturedVariable,
  Graph,
  GraphNode,
  InitialiserNode,
  LinkNode,
  PackageNode,
  Property,
  Ref,
  SetUpNode,
  SymbolNode,
} from './graph.ts';
import type { RemadeValues } from './remade-values.ts';

/** The export of a package that a value is said to be by the variable or namespace it was found in. */
export interface PackageHint {
  readonly from: PackageExport;
  /** Whether another export that is the same value is as good or better. */
  readonly isLastResort: boolean;
}

/** A node that properties can be put on. */
export interface Dressed {
  readonly properties: Property[];
  readonly integrity: Integrity | undefined;
}

/** What an object stands for that is not captured as what it is. */
export type Recognise = (
  value: object,
) =>
  | { readonly inline: AnyFunction }
  | { readonly link: string }
  | { readonly capability: string; readonly path: readonly string[] }
  | undefined;

export interface WalkTools {
  readonly reader: FunctionReader;
  readonly known: KnownObjects;
  readonly packages: Packages;
  readonly recognise: Recognise;
  readonly secrets: SecretCheck;
  /** Whether what initialisers read of this program travels by value. */
  readonly copiesValues: boolean;
  /** Which values cannot travel, and are made anew instead. */
  readonly remade: RemadeValues;
  /** Capabilities that are needed whether they are reached or not. */
  readonly declares: readonly string[];
  readonly maxBytes: number;
}

/** What a walk has found so far, and what it still has to do. */
export abstract class WalkState {
  readonly tools: WalkTools;
  /** By the object or symbol that each stands for. */
  readonly nodes = new Map<unknown, GraphNode>();
  /** By the keys of their declarations; V8 may not have the value of each. */
  readonly remade = new Map<string, InitialiserNode>();
  /** By their scripts and places. */
  readonly setUps = new Map<string, SetUpNode>();
  readonly captured: CapturedVariable[] = [];
  /** Modules of which only members travel so far, with what makes each travel whole. */
  readonly narrowed = new Map<object, (trail: Trail) => void>();
  readonly #links = new Map<string, LinkNode>();
  readonly #requires: Set<string>;
  readonly #packages = new Map<string, PackageNode>();
  /** What is still to be filled; a queue instead of recursion, for lists of any depth. */
  readonly #open: (() => void)[] = [];
  readonly #last: (() => unknown)[] = [];
  #bytes = 0;

  constructor(tools: WalkTools) {
    this.tools = tools;
    this.#requires = new Set(tools.declares);
  }

  abstract decide(value: object, trail: Trail | undefined, hint?: PackageHint): GraphNode;

  /** Puts properties on what an object has become. */
  abstract dress(node: Dressed, properties: readonly OpenProperty[]): void;

  /** Starts a count for a variable, which `scatter push --dry-run` and `scatter show` print. */
  tallied(trail: Trail, value: unknown, isMadeAnew: boolean): Trail {
    const tally: Tally = { bytes: 0 };
    const usedBy = trail.before?.text ?? '';
    this.captured.push({ name: trail.text, usedBy, value, isMadeAnew, tally });
    return { ...trail, tally };
  }

  later(fill: () => void): void {
    this.#open.push(fill);
  }

  /** For what can be judged only when everything is known. */
  atEnd(check: () => unknown): void {
    this.#last.push(check);
  }

  finish(): void {
    // The array grows while it is walked through.
    for (const fill of this.#open) fill();
    for (const check of this.#last) check();
  }

  graph(root: GraphNode): Graph {
    return {
      root,
      nodes: [
        ...new Set([
          ...this.nodes.values(),
          ...this.remade.values(),
          ...this.setUps.values(),
          ...this.#packages.values(),
        ]),
      ],
      links: [...this.#links.keys()].sort(),
      requires: [...this.#requires].sort(),
      captured: this.captured,
    };
  }

  refer(value: unknown, trail: Trail, hint?: PackageHint): Ref {
    if (isObject(value)) {
      return this.referToObject(value, trail, hint);
    }
    if (typeof value === 'symbol') {
      this.tools.secrets.check(value.description ?? '', trail);
      return this.referToSymbol(value);
    }
    if (typeof value === 'string') this.tools.secrets.check(value, trail);
    const text = primitiveText(value as Parameters<typeof primitiveText>[0]);
    this.count(text.length + 1, trail);
    return text;
  }

  referToObject(value: object, trail: Trail | undefined, hint?: PackageHint): GraphNode {
    const met = this.nodes.get(value);
    if (met !== undefined && trail !== undefined) this.narrowed.get(value)?.(trail);
    if (met !== undefined) return met;
    const node = this.decide(value, trail, hint);
    if (!this.nodes.has(value)) this.nodes.set(value, node);
    return this.nodes.get(value) ?? node;
  }

  referToSymbol(symbol: symbol): SymbolNode {
    const met = this.nodes.get(symbol);
    if (met?.kind === 'symbol') return met;
    const node: SymbolNode = { kind: 'symbol', text: symbolText(symbol) };
    this.nodes.set(symbol, node);
    return node;
  }

  /** What an object is replaced by: a capability, a link, the original, or what the guest has. */
  standIn(value: object, trail: Trail | undefined): GraphNode | undefined {
    const recognised = this.tools.recognise(value);
    if (recognised !== undefined) {
      if ('link' in recognised) return this.#linkTo(recognised.link);
      if ('capability' in recognised) return this.#require(recognised);
      if (recognised.inline !== value) return this.referToObject(recognised.inline, trail);
    }
    const text = this.tools.known.guestExpression(value);
    const [global = ''] = text?.split('.') ?? [];
    if (FETCH_GLOBALS.includes(global)) this.#requires.add(FETCH_CAPABILITY);
    return text === undefined ? undefined : { kind: 'expression', text };
  }

  /** Some globals are there for functions only that declare a capability. */
  useGlobal(script: Script, free: FreeName): void {
    if (needsFetch(script, free)) this.#requires.add(FETCH_CAPABILITY);
  }

  /** Whether an object stands for something else, so that how it came about does not matter. */
  isStandIn(value: unknown): boolean {
    return isObject(value) && this.tools.recognise(value) !== undefined;
  }

  addPackage(from: PackageExport, trail: Trail): PackageNode {
    const key = JSON.stringify(from);
    const node = this.#packages.get(key) ?? { kind: 'package', from, trail };
    this.#packages.set(key, node);
    return node;
  }

  /** Refused before the text is made: a captured gigabyte should not become two. */
  checkViewSize(value: object, trail: Trail): void {
    if (types.isAnyArrayBuffer(value) && value.byteLength > this.tools.maxBytes) {
      this.count(value.byteLength, trail);
    }
  }

  count(bytes: number, trail: Trail): void {
    this.#bytes += bytes;
    if (trail.tally !== undefined) trail.tally.bytes += bytes;
    const { maxBytes } = this.tools;
    if (this.#bytes > maxBytes) refuseSize(maxBytes, trail);
  }

  #linkTo(reference: string): LinkNode {
    const node = this.#links.get(reference) ?? { kind: 'link', reference };
    this.#links.set(reference, node);
    return node;
  }

  #require({ capability, path }: Omit<CapabilityNode, 'kind'>): CapabilityNode {
    this.#requires.add(capability);
    return { kind: 'capability', capability, path };
  }
}

/** @throws Refusal */
export function refuseSize(maxBytes: number, trail: Trail): never {
  const problem = `what is captured is too large: with ${subjectOf(trail)} it passes ${maxBytes} bytes`;
  refuse(problem, 'pass it as an argument, or raise `maxBytes`', trail);
}

function symbolText(symbol: symbol): string {
  const known = wellKnownName(symbol);
  if (known !== undefined) return known;
  const key = Symbol.keyFor(symbol);
  if (key !== undefined) return `Symbol.for(${stringText(key)})`;
  const { description } = symbol;
  return description === undefined ? 'Symbol()' : `Symbol(${stringText(description)})`;
}
