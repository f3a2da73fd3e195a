import type { FreeName } from './free-names.ts';
import type { LiveScope } from './inspect.ts';
import type { Script } from './script.ts';
import type { FunctionSyntax } from './syntax.ts';
import type { Trail } from './trail.ts';

/** Everything a captured function reaches, in the order in which it was first met. */
export interface Graph {
  readonly root: GraphNode;
  readonly nodes: readonly GraphNode[];
  /** References of linked functions, sorted. */
  readonly links: readonly string[];
  /** Names of the capabilities that are used, sorted. */
  readonly requires: readonly string[];
}

/** A primitive is its own JavaScript text. */
export type Ref = string | GraphNode;

export type GraphNode = ExpressionNode | LinkNode | CapabilityNode | ValueNode | FunctionNode;

/** An object that the guest has already. */
interface ExpressionNode {
  readonly kind: 'expression';
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

/** An object that is rebuilt. */
export interface ValueNode {
  readonly kind: 'value';
  readonly shape: Shape;
  readonly properties: Property<Ref>[];
  /** Entries of a Map, items of a Set, the buffer of a view. */
  readonly parts: Ref[][];
  readonly integrity: Integrity | undefined;
}

export interface FunctionNode extends FunctionFacts {
  readonly kind: 'function';
  readonly bindings: Binding[];
  readonly properties: Property<Ref>[];
  readonly integrity: Integrity | undefined;
}

/** Where a function stands in its script, and how it was met. */
export interface FunctionFacts {
  readonly name: string;
  readonly script: Script;
  readonly syntax: FunctionSyntax;
  /** Offset where the text begins that V8 gives; a method's name is before its syntax node. */
  readonly textStart: number;
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

export interface Property<Value> {
  readonly key: string;
  readonly value: Value;
}

export type Integrity = 'freeze' | 'seal' | 'preventExtensions';

export type Shape =
  | { readonly type: 'plain' | 'bare' | 'map' | 'set' | 'namespace' }
  | { readonly type: 'array'; readonly length: number }
  /** A new object of this constructor on the buffer that is its only part. */
  | { readonly type: 'view'; readonly constructorName: string }
  | { readonly type: 'text'; readonly text: string };
