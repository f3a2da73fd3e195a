import type { AnyFunction } from '../../model/function-type.ts';
import { bindingsOf } from '../names/bindings.ts';
import { type FreeName, freeNamesOf } from '../names/free-names.ts';
import { stepInto, type Trail } from '../refusal/trail.ts';
import { checkFieldKeys, staticPrivates } from '../scripts/class-fields.ts';
import type { ClassMember, OpenEdit } from '../scripts/class-plan.ts';
import type { OpenFunction } from '../scripts/functions.ts';
import type { InspectedFunction } from '../scripts/inspected.ts';
import type { Script } from '../scripts/script.ts';
import { isClassSyntax } from '../scripts/syntax.ts';
import { checkForeign, checkInside, checkInstance } from '../values/foreign-objects.ts';
import { nameOfFunction } from '../values/live-function.ts';
import {
  flagsUnder,
  functionProperties,
  hasPlainName,
  hasUsualParent,
  memberProperties,
  ownPrototype,
  prototypeProperties,
} from '../values/outfit.ts';
import { integrityOf, type OpenProperty, openProperties } from '../values/properties.ts';
import { constructorOf } from '../values/prototypes.ts';
import { openObject } from '../values/shapes.ts';
import { BindingWalk } from './binding-walk.ts';
import type {
  ClassEdit,
  FunctionNode,
  Graph,
  GraphNode,
  PackageNode,
  PartNode,
  Property,
  Ref,
  SymbolNode,
  ValueNode,
} from './graph.ts';
import { type Dressed, type PackageHint, WalkState, type WalkTools } from './walk-state.ts';

/**
 * Follows a function to everything it reaches.
 *
 * @throws Refusal
 */
export function walk(root: AnyFunction, tools: WalkTools): Graph {
  return new Walk(tools).run(root);
}

class Walk extends WalkState {
  readonly #bindings = new BindingWalk(this);

  run(fn: AnyFunction): Graph {
    const root = this.referToObject(fn, undefined);
    this.finish();
    return this.graph(root);
  }

  /** What a value is, in the order that keeps a later test from touching what an earlier one names. */
  override decide(value: object, trail: Trail | undefined, hint?: PackageHint): GraphNode {
    const stand = this.standIn(value, trail);
    if (stand !== undefined) return stand;
    const at: Trail = trail ?? { kind: 'function', text: '(captured)' };
    checkForeign(value, this.tools.known, at);
    const maker = constructorOf(value);
    if (maker !== undefined) return this.#prototypeOf(value, maker, at);
    if (hint?.isLastResort === false) return this.addPackage(hint.from, at);
    if (typeof value === 'function') return this.#addFunction(value as AnyFunction, trail, hint);
    return this.#addValue(value, at);
  }

  /** From a prototype to its constructor first: it comes with that. */
  #prototypeOf(value: object, maker: AnyFunction, trail: Trail): GraphNode {
    const { reader, packages } = this.tools;
    const place = reader.locate(maker, trail);
    const exported = place && packages.exported(value, place.script, place.inspected);
    if (exported !== undefined) return this.addPackage(exported, trail);
    const node = this.referToObject(maker, trail);
    const met = this.nodes.get(value);
    if (met !== undefined) return met;
    if (node.kind !== 'package') return this.#addValue(value, trail);
    const path = [...node.from.path, 'prototype'];
    return this.addPackage({ ...node.from, path }, trail);
  }

  #addFunction(
    fn: AnyFunction,
    trail: Trail | undefined,
    hint?: PackageHint,
  ): FunctionNode | PackageNode {
    const { reader, packages, copiesValues } = this.tools;
    const exported = (script: Script, inspected: InspectedFunction) =>
      packages.exported(fn, script, inspected) ?? hint?.from;
    const open = reader.open(fn, trail, { copiesValues, exported });
    if ('from' in open) {
      const at: Trail = trail ?? { kind: 'function', text: nameOfFunction(fn) || '(anonymous)' };
      return this.addPackage(open.from, at);
    }
    const { plan, inspected, checkMember, ...facts } = open;
    const node: FunctionNode = {
      kind: 'function',
      ...facts,
      name: hasPlainName(fn) ? facts.name : '',
      hasName: Object.hasOwn(fn, 'name'),
      edits: (plan?.edits ?? []).map((edit) => this.#closeEdit(edit)),
      bindings: [],
      privates: [],
      properties: [],
      prototype: undefined,
      integrity: integrityOf(fn),
      liveUses: [],
      member: undefined,
    };
    this.nodes.set(fn, node);
    this.count(facts.syntax.end - facts.textStart, facts.trail);
    for (const member of plan?.members ?? []) this.#addMember(member, node);
    this.#addPrototype(fn, node, open);
    this.later(() => this.#fillFunction(fn, node, open));
    if (checkMember !== undefined) this.atEnd(() => node.member ?? checkMember());
    return node;
  }

  #fillFunction(fn: AnyFunction, node: FunctionNode, open: OpenFunction): void {
    const { script, syntax, plan, trail } = open;
    const names = freeNamesOf(script, syntax, node.edits);
    const code = { script, trail, scopes: names.length === 0 ? [] : open.inspected.scopes };
    const useGlobal = (free: FreeName): void => this.useGlobal(script, free);
    for (const binding of bindingsOf(code, names, useGlobal)) {
      const ref = this.#bindings.follow(binding, code);
      const { free, declaration, isTopLevel, scope } = binding;
      node.bindings.push({ free, declaration, isTopLevel, scope, ref });
    }
    this.tools.reader.keep(fn, open);
    if (plan !== undefined) {
      checkFieldKeys(node, plan.fieldKeys);
      for (const { name, value } of staticPrivates(fn, open, this.tools.reader)) {
        node.privates.push({ name, ref: this.refer(value, stepInto(trail, `.${name}`)) });
      }
    }
    this.dress(node, functionProperties(fn, syntax, plan, trail));
    if (!hasUsualParent(fn, syntax, this.tools.known)) {
      node.prototype = this.refer(Object.getPrototypeOf(fn), stepInto(trail, ' (its superclass)'));
    }
  }

  #addMember({ value, isStatic, key, slot }: ClassMember, owner: FunctionNode): void {
    const part = { type: 'member', isStatic, key: this.#key(key), slot } as const;
    const node: PartNode = { ...bare(value), kind: 'part', owner, part };
    const met = this.nodes.get(value);
    if (met?.kind === 'function') met.member = node;
    else this.nodes.set(value, node);
    const properties = memberProperties(value, owner.trail);
    if (properties.length > 0) this.later(() => this.dress(node, properties));
  }

  #addPrototype(fn: AnyFunction, owner: FunctionNode, { plan, syntax, trail }: OpenFunction): void {
    const prototype = ownPrototype(fn);
    if (prototype === undefined) return;
    const node: PartNode = { ...bare(prototype), kind: 'part', owner, part: { type: 'prototype' } };
    this.nodes.set(prototype, node);
    const at = stepInto(trail, '.prototype');
    this.later(() => {
      this.dress(node, prototypeProperties(fn, prototype, plan, at));
      const parent: object | null = Object.getPrototypeOf(prototype);
      const isGenerator = 'generator' in syntax && syntax.generator;
      const hasHeritage = isClassSyntax(syntax) && syntax.superClass;
      const isUsual = isGenerator || (parent === Object.prototype && !hasHeritage);
      if (!isUsual) node.prototype = this.refer(parent, stepInto(at, ' (what it inherits from)'));
    });
  }

  #addValue(value: object, trail: Trail): ValueNode {
    this.checkViewSize(value, trail);
    const { shape, hasUsualPrototype, implicit, parts } = openObject(value, trail);
    const { known, reader } = this.tools;
    if (!hasUsualPrototype && shape.type === 'plain') checkInside(value, known, trail);
    if (!hasUsualPrototype) checkInstance(value, known, reader, trail);
    const node: ValueNode = { ...bare(value), kind: 'value', shape, parts: [] };
    this.nodes.set(value, node);
    this.count(shape.type === 'text' ? shape.text.length : 3, trail);
    if (shape.type === 'text') this.tools.secrets.check(shape.text, trail);
    this.later(() => {
      if (!hasUsualPrototype) {
        const at = stepInto(trail, ' (its class)');
        node.prototype = this.refer(Object.getPrototypeOf(value), at);
      }
      this.dress(node, openProperties(value, trail, implicit));
      for (const [index, part] of parts.entries()) {
        const at = stepInto(trail, ` (entry ${index})`);
        node.parts.push(part.map((one) => this.refer(one, at)));
      }
    });
    return node;
  }

  override dress(node: Dressed, properties: readonly OpenProperty[]): void {
    for (const { key, content, flags, trail } of properties) {
      this.count(typeof key === 'string' ? key.length + 1 : 3, trail);
      // Named by what it is in, because the key is what must not be told.
      if (typeof key === 'string') this.tools.secrets.check(key, trail.before ?? trail);
      node.properties.push({
        key: this.#key(key),
        flags: flagsUnder(flags, node.integrity),
        content: this.#closeContent(content, trail),
      });
    }
  }

  #closeContent(content: OpenProperty['content'], trail: Trail): Property['content'] {
    if ('value' in content) return { value: this.refer(content.value, trail) };
    const accessor = (fn: unknown): Ref | undefined => {
      return fn === undefined ? undefined : this.refer(fn, trail);
    };
    return { get: accessor(content.get), set: accessor(content.set) };
  }

  #closeEdit({ text, ...range }: OpenEdit): ClassEdit {
    if (typeof text === 'string') return { ...range, text };
    return { ...range, text: { key: this.#key(text.key) } };
  }

  #key(key: string | symbol): string | SymbolNode {
    return typeof key === 'string' ? key : this.referToSymbol(key);
  }
}

function bare(value: object): Pick<ValueNode, 'properties' | 'prototype' | 'integrity'> {
  return { properties: [], prototype: undefined, integrity: integrityOf(value) };
}
