import { types } from 'node:util';
import type { AnyFunction } from '../model/function-type.ts';
import { bindingsOf } from './bindings.ts';
import { functionProperties } from './function-properties.ts';
import type { FunctionReader } from './functions.ts';
import type {
  CapabilityNode,
  FunctionNode,
  Graph,
  GraphNode,
  LinkNode,
  Property,
  Ref,
  ValueNode,
} from './graph.ts';
import type { KnownObjects } from './known.ts';
import { primitiveText } from './literal.ts';
import { accessText, integrityOf, openObject } from './objects.ts';
import { refuse } from './refusal.ts';
import { subjectOf, type Trail } from './trail.ts';

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
  readonly recognise: Recognise;
  readonly declares: readonly string[];
  readonly maxBytes: number;
}

/** Follows a function to everything it reaches. */
export function walk(root: AnyFunction, tools: WalkTools): Graph {
  return new Walk(tools).run(root);
}

class Walk {
  readonly #tools: WalkTools;
  readonly #nodes = new Map<object, GraphNode>();
  readonly #links = new Map<string, LinkNode>();
  readonly #requires = new Set<string>();
  /** What is still to be filled; a queue instead of recursion, for lists of any depth. */
  readonly #open: (() => void)[] = [];
  #bytes = 0;

  constructor(tools: WalkTools) {
    this.#tools = tools;
  }

  run(fn: AnyFunction): Graph {
    const root = this.#referToObject(fn, undefined);
    // The array grows while it is walked through.
    for (const fill of this.#open) fill();
    return {
      root,
      nodes: [...new Set(this.#nodes.values())],
      links: [...this.#links.keys()].sort(),
      requires: [...new Set([...this.#requires, ...this.#tools.declares])].sort(),
    };
  }

  #refer(value: unknown, trail: Trail): Ref {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      return this.#referToObject(value, trail);
    }
    if (typeof value === 'symbol') {
      const fix = 'use a string, or create the symbol inside the function';
      refuse(`${subjectOf(trail)} is a symbol, which cannot travel`, fix, trail);
    }
    const text = primitiveText(value as Parameters<typeof primitiveText>[0]);
    this.#count(text.length + 1, trail);
    return text;
  }

  #referToObject(value: object, trail: Trail | undefined): GraphNode {
    const met = this.#nodes.get(value);
    if (met !== undefined) return met;
    const node = this.#decide(value, trail);
    this.#nodes.set(value, node);
    return node;
  }

  /** What a value is, in the order that keeps a later test from touching what an earlier one names. */
  #decide(value: object, trail: Trail | undefined): GraphNode {
    const recognised = this.#tools.recognise(value);
    if (recognised !== undefined) {
      if ('link' in recognised) return this.#linkTo(recognised.link);
      if ('capability' in recognised) return this.#require(recognised);
      if (recognised.inline !== value) return this.#referToObject(recognised.inline, trail);
    }
    const text = this.#tools.known.guestExpression(value);
    if (text !== undefined) return { kind: 'expression', text };
    const at: Trail = trail ?? { kind: 'function', text: '(captured)' };
    this.#checkForeign(value, at);
    if (typeof value === 'function') return this.#addFunction(value as AnyFunction, trail);
    return this.#addValue(value, at);
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

  // Naming a subject reads the whole trail, so it is done only to refuse.
  #checkForeign(value: object, trail: Trail): void {
    if (types.isProxy(value)) {
      const problem = `${subjectOf(trail)} is a Proxy, which cannot be looked into`;
      refuse(problem, 'capture its target, or pass it as a capability', trail);
    }
    const { nodeBuiltin, hostGlobal } = this.#tools.known.lookUp(value);
    const name = nodeBuiltin ?? hostGlobal;
    if (name === undefined) return;
    const subject = subjectOf(trail);
    const alias = subject === `\`${name}\`` ? subject : `${subject} (\`${name}\`)`;
    refuse(
      nodeBuiltin === undefined
        ? `${alias} is a global of this program that the isolate does not have`
        : `${alias} is a Node built-in; the isolate has no Node API`,
      'do that work outside and pass a function for it as a capability',
      trail,
    );
  }

  #addFunction(fn: AnyFunction, trail: Trail | undefined): FunctionNode {
    const { scopes, ...facts } = this.#tools.reader.open(fn, trail);
    const integrity = integrityOf(fn);
    const node: FunctionNode = {
      kind: 'function',
      ...facts,
      bindings: [],
      properties: [],
      integrity,
    };
    this.#count(facts.syntax.end - facts.textStart, facts.trail);
    this.#open.push(() => {
      for (const { trail: at, value, ...binding } of bindingsOf({ ...facts, scopes })) {
        node.bindings.push({ ...binding, ref: this.#refer(value, at) });
      }
      this.#addProperties(fn, functionProperties(fn, facts.trail), node, facts.trail);
    });
    return node;
  }

  #addValue(value: object, trail: Trail): ValueNode {
    this.#checkViewSize(value, trail);
    const { shape, properties, parts, integrity } = openObject(value, trail);
    const node: ValueNode = { kind: 'value', shape, properties: [], parts: [], integrity };
    this.#count(shape.type === 'text' ? shape.text.length : 3, trail);
    this.#open.push(() => {
      this.#addProperties(value, properties, node, trail);
      for (const [index, part] of parts.entries()) {
        const at: Trail = { kind: 'property', text: ` (entry ${index})`, before: trail };
        node.parts.push(part.map((one) => this.#refer(one, at)));
      }
    });
    return node;
  }

  #addProperties(
    owner: object,
    properties: readonly Property<unknown>[],
    node: ValueNode | FunctionNode,
    trail: Trail,
  ): void {
    for (const { key, value } of properties) {
      const at: Trail = { kind: 'property', text: accessText(owner, key), before: trail };
      this.#count(key.length + 1, at);
      node.properties.push({ key, value: this.#refer(value, at) });
    }
  }

  /** Refused before the text is made: a captured gigabyte should not become two. */
  #checkViewSize(value: object, trail: Trail): void {
    if (types.isAnyArrayBuffer(value) && value.byteLength > this.#tools.maxBytes) {
      this.#count(value.byteLength, trail);
    }
  }

  #count(bytes: number, trail: Trail): void {
    this.#bytes += bytes;
    const { maxBytes } = this.#tools;
    if (this.#bytes > maxBytes) refuseSize(maxBytes, trail);
  }
}

/** @throws ScatterError `CAPTURE_UNSUPPORTED` */
export function refuseSize(maxBytes: number, trail: Trail): never {
  const problem = `what is captured is too large: with ${subjectOf(trail)} it passes ${maxBytes} bytes`;
  refuse(problem, 'pass it as an argument, or raise `maxBytes`', trail);
}
