import { isBuiltin } from 'node:module';
import { types } from 'node:util';
import type { AnyFunction } from '../../model/function-type.ts';
import type { CodeInScopes, OpenBinding } from '../names/bindings.ts';
import { exportedVariable } from '../names/export-getters.ts';
import { modulePath } from '../names/export-origin.ts';
import { membersRead } from '../names/free-names.ts';
import { exportedConstant, type ImportedConstant } from '../names/imported-constant.ts';
import { importedFrom } from '../names/imports.ts';
import type { PackageExport } from '../names/packages.ts';
import { AS_CAPABILITY } from '../refusal/fixes.ts';
import { refuse } from '../refusal/refusal.ts';
import { stepInto, type Trail } from '../refusal/trail.ts';
import { scriptMapOf } from '../scripts/script-map.ts';
import { isData } from '../values/is-data.ts';
import { isObject } from '../values/is-object.ts';
import { textOfFunction } from '../values/live-function.ts';
import { accessText, openProperties } from '../values/properties.ts';
import type { Shape } from '../values/shapes.ts';
import type { Ref, ValueNode } from './graph.ts';
import type { PackageHint, WalkState } from './walk-state.ts';

interface Entry {
  readonly node: ValueNode;
  readonly members: Set<string>;
}

/** Makes a constant of another module anew, if it was made from this program's own state. */
type MakeAnew = (constant: ImportedConstant, value: unknown, trail: Trail) => Ref | undefined;

/** Modules that are captured as objects: only the members that are read of them travel. */
export class Namespaces {
  readonly #walk: WalkState;
  readonly #makeAnew: MakeAnew;
  readonly #entries = new Map<object, Entry>();

  constructor(walk: WalkState, makeAnew: MakeAnew) {
    this.#walk = walk;
    this.#makeAnew = makeAnew;
  }

  /** Of a module of Node travels only what the guest has as well, such as `setTimeout`. */
  ofNode({ value, free, trail }: OpenBinding, { script }: CodeInScopes): ValueNode | undefined {
    const source = free.variable && importedFrom(script, free.variable);
    if (source === undefined || !isBuiltin(source.module) || source.name !== '*') return undefined;
    const isKnown = (key: string): boolean => {
      const member: unknown = isObject(value) ? Reflect.get(value, key) : undefined;
      return isObject(member) && this.#walk.tools.known.guestExpression(member) !== undefined;
    };
    const read = membersRead(script, free);
    const unknown = read?.find((key) => !isKnown(key));
    if (isObject(value) && read !== undefined && unknown === undefined) {
      return this.#narrowed(value, read, undefined, trail, undefined);
    }
    // A compiler's name for the module would tell the author nothing.
    const isCompiled = unknown !== undefined && scriptMapOf(script) !== undefined;
    const name = isCompiled ? unknown : free.name;
    refuse(`\`${name}\` is a Node built-in; the isolate has no Node API`, AS_CAPABILITY, trail);
  }

  /** Of a whole module only the members that are read travel. */
  narrow(binding: OpenBinding, { script }: CodeInScopes, hint: PackageHint | undefined) {
    const { value, free, trail } = binding;
    if (!isObject(value)) return undefined;
    if (hint?.from.imported === '*' && types.isProxy(value)) {
      // vitest puts a Proxy before packages; what is read of one is known all the same.
      const known = membersRead(script, free);
      return known && this.#narrowed(value, known, undefined, trail, hint);
    }
    const isNamespace = isNamespaceLike(value);
    const isModule =
      free.variable === undefined
        ? free.name === 'exports'
        : importedFrom(script, free.variable) !== undefined;
    const isWholePackage = hint?.from.imported === '*';
    const isOpen = isWholePackage || (hint === undefined && isModuleObject(value));
    if (!isNamespace && !(isModule && isOpen)) return undefined;
    const met = this.#entries.get(value);
    if (met === undefined && this.#walk.nodes.has(value)) return undefined;
    const read = membersRead(script, free);
    const isWhole =
      read === undefined || (!isNamespace && read.some((key) => needsWhole(value, key)));
    if (isWhole && met === undefined && !isViteExports(value)) return undefined;
    if (isWhole && met !== undefined) return this.#widen(met, value, trail, hint);
    const members = isWhole ? Object.keys(value) : read;
    const source = free.variable && importedFrom(script, free.variable);
    const module = source?.name === '*' ? modulePath(script, source.module) : undefined;
    return this.#narrowed(value, members, module, trail, hint);
  }

  /** A package's module that V8 dropped: what is read of it is known without its values. */
  unkept(
    { free, trail }: OpenBinding,
    { script }: CodeInScopes,
    from: PackageExport,
  ): ValueNode | undefined {
    const read = from.imported === '*' ? membersRead(script, free) : undefined;
    if (read === undefined) return undefined;
    const node = emptyNode({ type: 'namespace', module: undefined }, undefined);
    for (const key of read) {
      const member = this.#walk.addPackage({ ...from, imported: key }, stepInto(trail, `.${key}`));
      node.properties.push({ key, content: { value: member }, flags: undefined });
    }
    return node;
  }

  #narrowed(
    value: object,
    members: readonly string[],
    module: string | undefined,
    trail: Trail,
    hint: PackageHint | undefined,
  ): ValueNode {
    const entry = this.#entries.get(value) ?? this.#openNamespace(value, module);
    for (const key of members) this.#addMember(entry, value, key, trail, hint);
    return entry.node;
  }

  #openNamespace(value: object, module: string | undefined) {
    const shape =
      types.isProxy(value) || isNamespaceLike(value)
        ? ({ type: 'namespace', module } as const)
        : ({ type: 'plain' } as const);
    const isBare = shape.type === 'plain' && Object.getPrototypeOf(value) === null;
    const node = emptyNode(shape, isBare ? 'null' : undefined);
    const entry = { node, members: new Set<string>() };
    this.#entries.set(value, entry);
    this.#walk.nodes.set(value, node);
    this.#walk.narrowed.set(value, (trail) => this.#widen(entry, value, trail, undefined));
    return entry;
  }

  /** What somebody needs whole travels whole, although others were content with members of it. */
  #widen(entry: Entry, value: object, trail: Trail, hint: PackageHint | undefined): ValueNode {
    if (!this.#walk.narrowed.delete(value)) return entry.node;
    if (isNamespaceLike(value) || types.isProxy(value) || isCompiled(value)) {
      for (const key of Object.keys(value)) this.#addMember(entry, value, key, trail, hint);
      return entry.node;
    }
    const { node, members } = entry;
    for (const key of Object.keys(value)) members.add(key);
    node.properties.length = 0;
    this.#walk.dress(node, openProperties(value, trail, []));
    return node;
  }

  /** A member that was made from this program's own state is made anew where the function runs. */
  #constantOf({ shape }: ValueNode, key: string, value: unknown, trail: Trail): Ref | undefined {
    const module = shape.type === 'namespace' ? shape.module : undefined;
    if (module === undefined || !isData(value)) return undefined;
    const constant = exportedConstant(this.#walk.tools.reader, module, key);
    return constant && this.#makeAnew(constant, value, trail);
  }

  #addMember(
    { node, members }: Entry,
    owner: object,
    key: string,
    before: Trail,
    hint: PackageHint | undefined,
  ): void {
    if (members.has(key) || !(key in owner)) return;
    members.add(key);
    const trail = stepInto(before, accessText(owner, key));
    const value = readMember(owner, key, trail);
    const ref =
      this.#constantOf(node, key, value, trail) ??
      this.#walk.refer(value, trail, hint && memberOf(hint, key));
    const variable = exportedVariable(this.#walk.tools.reader, owner, key, trail);
    node.properties.push({ key, content: { value: ref }, flags: undefined, variable });
  }
}

function emptyNode(shape: Shape, prototype: Ref | undefined): ValueNode {
  return { kind: 'value', shape, properties: [], prototype, integrity: undefined, parts: [] };
}

/** A namespace may give on what is exported elsewhere: then that is the shorter way. */
function memberOf({ from }: PackageHint, key: string): PackageHint {
  if (from.imported === '*' && from.path.length === 0) {
    return { from: { ...from, imported: key }, isLastResort: false };
  }
  return { from: { ...from, path: [...from.path, key] }, isLastResort: true };
}

/** @throws Refusal for an export of a module that has not run yet */
function readMember(owner: object, key: string, trail: Trail): unknown {
  try {
    return Reflect.get(owner, key);
  } catch (cause) {
    const problem = `\`${key}\` is not yet initialised`;
    refuse(problem, 'create the tracked function after that module has run', trail, cause);
  }
}

function isNamespaceLike(value: object): boolean {
  return types.isModuleNamespaceObject(value) || isViteExports(value);
}

/** vite-node makes the exports of a module an object of getters. */
function isViteExports(value: object): boolean {
  if (types.isProxy(value) || types.isModuleNamespaceObject(value)) return false;
  const tag: unknown = Object.getOwnPropertyDescriptor(value, Symbol.toStringTag)?.value;
  return Object.getPrototypeOf(value) === null && tag === 'Module';
}

/** What CommonJS exports: a plain object that nobody has closed. */
function isModuleObject(value: object): boolean {
  if (typeof value === 'function' || types.isProxy(value)) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  return Object.isExtensible(value) && (prototype === Object.prototype || prototype === null);
}

/** A member that reaches the others by `this`, or that the object has not itself, needs all of them. */
function needsWhole(owner: object, key: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(owner, key);
  if (descriptor === undefined) return key in owner;
  // A getter of the author's must not run here; a compiler's gives a variable.
  if (descriptor.get !== undefined || descriptor.set !== undefined) return !isCompiled(owner);
  const member: unknown = descriptor.value;
  if (typeof member !== 'function' || types.isProxy(member)) return false;
  const text = textOfFunction(member as AnyFunction);
  return !text.startsWith('class') && /\bthis\b/.test(text);
}

function isCompiled(exported: object): boolean {
  return Object.hasOwn(exported, '__esModule');
}
