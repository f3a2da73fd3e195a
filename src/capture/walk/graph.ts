import type { AnyNode, Identifier } from 'acorn';
import type { ExportedVariable } from '../names/export-getters.ts';
import type { FreeName } from '../names/free-names.ts';
import type { PackageExport } from '../names/packages.ts';
import type { Tally, Trail } from '../refusal/trail.ts';
import type { FunctionFacts } from '../scripts/function-facts.ts';
import type { LiveScope } from '../scripts/inspected.ts';
import type { Script } from '../scripts/script.ts';
import type { TextRange } from '../scripts/syntax.ts';
import type { Integrity, PropertyFlags } from '../values/properties.ts';
import type { Shape } from '../values/shapes.ts';

/** Everything a captured function reaches, in the order in which it was first met. */
export interface Graph {
  readonly root: GraphNode;
  readonly nodes: readonly GraphNode[];
  /** References of linked functions, sorted. */
  readonly links: readonly string[];
  /** Names of the capabilities that are used, sorted. */
  readonly requires: readonly string[];
  readonly captured: readonly CapturedVariable[];
}

/** A variable whose value travels, and how much of the artifact that makes. */
export interface CapturedVariable {
  readonly name: string;
  readonly usedBy: string;
  readonly value: unknown;
  /** Whether its initialiser travels in place of the value. */
  readonly isMadeAnew: boolean;
  readonly tally: Tally;
}

/** A primitive is its own JavaScript text. */
export type Ref = string | GraphNode;

export type GraphNode =
  | ExpressionNode
  | SymbolNode
  | LinkNode
  | CapabilityNode
  | PackageNode
  | PartNode
  | InitialiserNode
  | SetUpNode
  | LiveNode
  | ValueNode
  | FunctionNode;

/** An object that the guest has already. */
interface ExpressionNode {
  readonly kind: 'expression';
  readonly text: string;
}

/** A symbol of the program's own, which is made anew. */
export interface SymbolNode {
  readonly kind: 'symbol';
  readonly text: string;
}

export interface LinkNode {
  readonly kind: 'link';
  readonly reference: string;
}

/** A capability, or a function inside one. */
export interface CapabilityNode {
  readonly kind: 'capability';
  readonly capability: string;
  /** Keys from the capability to the function; none for the capability itself. */
  readonly path: readonly string[];
}

/** What an npm package exports, or what is reached from that. */
export interface PackageNode {
  readonly kind: 'package';
  readonly from: PackageExport;
  readonly trail: Trail;
}

/** An object that comes with a function: its `prototype`, or a member that its class body makes. */
export interface PartNode extends Outfit {
  readonly kind: 'part';
  readonly owner: FunctionNode;
  readonly part: Part;
}

type Part =
  | { readonly type: 'prototype' }
  | {
      readonly type: 'member';
      readonly isStatic: boolean;
      readonly key: string | SymbolNode;
      readonly slot: 'value' | 'get' | 'set';
    };

/** A variable that gets its value where the function runs, by its initialiser. */
export interface InitialiserNode extends Bound {
  readonly kind: 'initialiser';
  /** Undefined for an expression that no variable holds. */
  readonly name: string | undefined;
  /** The declarator, such as `key = process.env.KEY`, or the expression. */
  readonly syntax: AnyNode;
}

/** A statement that changes what a package exports, and runs before anything uses that. */
export interface SetUpNode extends Bound {
  readonly kind: 'set-up';
  /** The expression, such as `dayjs.extend(utc)`. */
  readonly syntax: AnyNode;
}

/** Gives the value that a variable has at the moment, which a captured function writes. */
export interface LiveNode {
  readonly kind: 'live';
  readonly writer: FunctionNode;
  readonly name: string;
}

/** An object that is rebuilt. */
export interface ValueNode extends Outfit {
  readonly kind: 'value';
  readonly shape: Shape;
  /** Entries of a Map, items of a Set, the buffer of a view. */
  readonly parts: Ref[][];
}

export interface FunctionNode extends FunctionFacts, Outfit, Bound {
  readonly kind: 'function';
  /** False if its name was deleted. */
  readonly hasName: boolean;
  /** Set for a class: what of its text is not taken as it stands. */
  readonly edits: ClassEdit[];
  /** Values of the static private fields of a class, by their names with `#`. */
  readonly privates: { readonly name: string; readonly ref: Ref }[];
  /** Uses of imported variables that captured functions write. */
  readonly liveUses: { readonly use: Identifier; readonly live: LiveNode }[];
  /** Set when the class whose body makes this function is captured too. */
  member: PartNode | undefined;
}

/** What is put onto an object once it is there. */
interface Outfit {
  readonly properties: Property[];
  /** Undefined: the one that an object of its kind has by itself. */
  prototype: Ref | undefined;
  readonly integrity: Integrity | undefined;
}

/** Code of the author with the variables that it takes from around it. */
interface Bound {
  readonly script: Script;
  readonly bindings: Binding[];
  /** Whether strict mode reaches it from around. */
  readonly isStrict: boolean;
  readonly trail: Trail;
}

/** A free name of one function and the variable behind it. */
export interface Binding {
  readonly free: FreeName;
  readonly declaration: string;
  readonly isTopLevel: boolean;
  readonly scope: LiveScope;
  readonly ref: Ref;
}

/** A part of a class body that is replaced: by text, or by a key in brackets. */
export interface ClassEdit extends TextRange {
  readonly text: string | { readonly key: string | SymbolNode };
}

export interface Property {
  readonly key: string | SymbolNode;
  readonly content:
    | { readonly value: Ref }
    | { readonly get: Ref | undefined; readonly set: Ref | undefined };
  /** Undefined: those of an ordinary assignment. */
  readonly flags: PropertyFlags | undefined;
  /** Of an export of a module: the variable behind it, where that is known. */
  readonly variable?: ExportedVariable | undefined;
}

/** All functions but those that come with their class. */
export function writtenFunctions({ nodes }: Graph): FunctionNode[] {
  return nodes.filter(
    (node): node is FunctionNode => node.kind === 'function' && node.member === undefined,
  );
}

/** Everything a node refers to, in order. */
export function referencesOf(node: GraphNode): readonly Ref[] {
  switch (node.kind) {
    case 'part':
      return [node.owner, ...outfitReferences(node)];
    case 'initialiser':
    case 'set-up':
      return node.bindings.map(({ ref }) => ref);
    case 'value':
      return [...outfitReferences(node), ...node.parts.flat()];
    case 'function':
      return [
        ...node.bindings.map(({ ref }) => ref),
        ...node.privates.map(({ ref }) => ref),
        ...outfitReferences(node),
      ];
    default:
      return [];
  }
}

function outfitReferences({ properties, prototype }: Outfit): Ref[] {
  const refs: Ref[] = prototype === undefined ? [] : [prototype];
  for (const { key, content } of properties) {
    if (typeof key !== 'string') refs.push(key);
    if ('value' in content) refs.push(content.value);
    else refs.push(...[content.get, content.set].filter((ref) => ref !== undefined));
  }
  return refs;
}
