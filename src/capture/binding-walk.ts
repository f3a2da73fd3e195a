import { isBuiltin } from 'node:module';
import { types } from 'node:util';
import { bindingsOf, type CodeInScopes, type OpenBinding, refuseUnkept } from './bindings.ts';
import { brandOf, isPrototypeOfClass } from './brand.ts';
import { exportedVariable } from './export-getters.ts';
import { freeNamesWithin, membersRead } from './free-names.ts';
import type { InitialiserNode, Ref, ValueNode } from './graph.ts';
import { importedFrom } from './imports.ts';
import {
  hostStateIn,
  type Initialiser,
  initialiserOf,
  isMadeByPackage,
  isRepeatable,
  readsEnvironment,
} from './initialisers.ts';
import { modulePath } from './live-imports.ts';
import { accessText } from './properties.ts';
import { refuse } from './refusal.ts';
import { scriptMapOf } from './script-map.ts';
import { stepInto, type Tally, type Trail } from './trail.ts';
import { AS_CAPABILITY } from './unfit-objects.ts';
import type { PackageHint, WalkState } from './walk-state.ts';

/** Decides how the value of each captured variable travels. */
export class BindingWalk {
  readonly #walk: WalkState;
  readonly #namespaces = new Map<object, { node: ValueNode; members: Set<string> }>();

  constructor(walk: WalkState) {
    this.#walk = walk;
  }

  follow(binding: OpenBinding, code: CodeInScopes): Ref {
    const { value } = binding;
    const { tools } = this.#walk;
    if (this.#walk.isStandIn(value)) return this.#walk.refer(value, binding.trail);
    const { variable } = binding.free;
    if (value === process && membersRead(code.script, binding.free)?.join() === 'env') {
      return { kind: 'expression', text: 'process' };
    }
    const builtin = this.#builtinMembers(binding, code);
    if (builtin !== undefined) return builtin;
    const initialiser = variable && initialiserOf(variable);
    if (!binding.isKept) return this.#followUnkept(binding, initialiser, code);
    if (initialiser !== undefined && this.#runsAgain(binding, initialiser, code)) {
      return this.#remake(binding, initialiser, code);
    }
    const declared = variable && tools.packages.declared(code.script, variable);
    const hint = declared && { from: declared, isLastResort: false };
    const narrowed = this.#narrow(binding, code, hint);
    if (narrowed !== undefined) return narrowed;
    const isMade =
      initialiser !== undefined &&
      binding.isTopLevel &&
      isMadeByPackage(code.script, initialiser, tools.packages);
    const remake = isMade ? binding.declaration : undefined;
    return this.#walk.refer(value, this.#tallied({ ...binding.trail, remake }, binding), hint);
  }

  /** Of a module of Node travels only what the guest has as well, such as `setTimeout`. */
  #builtinMembers({ value, free, trail }: OpenBinding, { script }: CodeInScopes) {
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

  /** What V8 dropped is taken from the package it comes from, or made again. */
  #followUnkept(
    binding: OpenBinding,
    initialiser: Initialiser | undefined,
    code: CodeInScopes,
  ): Ref {
    const { free, trail } = binding;
    const from = free.variable && this.#walk.tools.packages.declared(code.script, free.variable);
    if (from !== undefined) return this.#walk.addPackage(from, trail);
    if (initialiser === undefined) refuseUnkept(free.name, trail);
    const { init, declarator } = initialiser;
    const isPlain =
      init.type === 'Literal' && !('regex' in init) && declarator.id.type === 'Identifier';
    if (isPlain) return this.#walk.refer(init.value, trail);
    if (!binding.isTopLevel || !isRepeatable(init)) refuseUnkept(free.name, trail);
    return this.#remake(binding, initialiser, code);
  }

  /** Starts a count for the variable, which `scatter push --dry-run` and `scatter show` print. */
  #tallied(trail: Trail, { free, value }: OpenBinding): Trail {
    const tally: Tally = { bytes: 0 };
    this.#walk.captured.push({
      name: free.name,
      usedBy: trail.before?.text ?? '',
      value,
      tally,
    });
    return { ...trail, tally };
  }

  #runsAgain(binding: OpenBinding, initialiser: Initialiser, code: CodeInScopes): boolean {
    const { remade, copiesValues } = this.#walk.tools;
    if (remade.has(binding.declaration)) return true;
    if (copiesValues) return false;
    if (readsEnvironment(code.script, initialiser.init)) {
      this.#checkRepeatable(binding, initialiser, code);
      return true;
    }
    if (isData(binding.value)) {
      const state = hostStateIn(code.script, initialiser);
      if (state !== undefined) refuseHostState(binding, state);
    }
    return false;
  }

  /** What read the environment must be able to read it again, there. */
  #checkRepeatable(binding: OpenBinding, initialiser: Initialiser, code: CodeInScopes): void {
    const state = hostStateIn(code.script, initialiser);
    if (state !== undefined) refuseHostState(binding, state);
    const names = freeNamesWithin(code.script, initialiser.declarator);
    const isReachable =
      binding.isTopLevel ||
      names.every(
        ({ variable }) =>
          variable === undefined || (variable.defs[0]?.node as unknown) === initialiser.declarator,
      );
    if (isReachable && isRepeatable(initialiser.init)) return;
    refuseHostState(binding, 'process.env');
  }

  #remake(binding: OpenBinding, { declarator }: Initialiser, code: CodeInScopes): InitialiserNode {
    const { nodes, remade } = this.#walk;
    const met = remade.get(binding.declaration);
    if (met !== undefined) return met;
    const { script } = code;
    const node: InitialiserNode = {
      kind: 'initialiser',
      name: binding.free.name,
      syntax: declarator,
      script,
      bindings: [],
      isStrict: script.isModule,
      trail: binding.trail,
    };
    remade.set(binding.declaration, node);
    if (isObject(binding.value) && !nodes.has(binding.value)) nodes.set(binding.value, node);
    this.#walk.count(declarator.end - declarator.start, binding.trail);
    this.#walk.later(() => this.#fillInitialiser(node, binding, code));
    return node;
  }

  #fillInitialiser(node: InitialiserNode, { scope }: OpenBinding, code: CodeInScopes): void {
    // What the initialiser names was declared around it, not around the function that uses it.
    const from = Math.max(0, code.scopes.indexOf(scope));
    const inner = { ...code, scopes: code.scopes.slice(from), trail: node.trail };
    const names = freeNamesWithin(code.script, node.syntax).filter(
      // Not what the same declarator declares, as in `const { a, b } = …`.
      ({ variable }) => (variable?.defs[0]?.node as unknown) !== node.syntax,
    );
    for (const binding of bindingsOf(inner, names)) {
      const { declaration, isTopLevel } = binding;
      const ref = this.follow(binding, inner);
      node.bindings.push({
        free: binding.free,
        declaration,
        isTopLevel,
        scope: binding.scope,
        ref,
      });
    }
  }

  /** Of a whole module only the members that are read travel. */
  #narrow(binding: OpenBinding, { script }: CodeInScopes, hint: PackageHint | undefined) {
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
    const met = this.#namespaces.get(value);
    if (met === undefined && this.#walk.nodes.has(value)) return undefined;
    const read = membersRead(script, free);
    const isWhole =
      read === undefined || (!isNamespace && read.some((key) => usesThis(value, key)));
    if (isWhole && met === undefined && !isViteExports(value)) return undefined;
    const members = isWhole ? Object.keys(value) : read;
    const source = free.variable && importedFrom(script, free.variable);
    const module = source?.name === '*' ? modulePath(script, source.module) : undefined;
    return this.#narrowed(value, members, module, trail, hint);
  }

  #narrowed(
    value: object,
    members: readonly string[],
    module: string | undefined,
    trail: Trail,
    hint: PackageHint | undefined,
  ): ValueNode {
    const entry = this.#namespaces.get(value) ?? this.#openNamespace(value, module);
    for (const key of members) this.#addMember(entry, value, key, trail, hint);
    return entry.node;
  }

  #openNamespace(value: object, module: string | undefined) {
    const shape =
      types.isProxy(value) || isNamespaceLike(value)
        ? ({ type: 'namespace', module } as const)
        : ({ type: 'plain' } as const);
    const node: ValueNode = {
      kind: 'value',
      shape,
      properties: [],
      prototype: undefined,
      integrity: undefined,
      parts: [],
    };
    const entry = { node, members: new Set<string>() };
    this.#namespaces.set(value, entry);
    this.#walk.nodes.set(value, node);
    return entry;
  }

  #addMember(
    { node, members }: { node: ValueNode; members: Set<string> },
    owner: object,
    key: string,
    before: Trail,
    hint: PackageHint | undefined,
  ): void {
    if (members.has(key) || !(key in owner)) return;
    members.add(key);
    const trail = stepInto(before, accessText(owner, key));
    const ref = this.#walk.refer(readMember(owner, key, trail), trail, hint && memberOf(hint, key));
    const variable = exportedVariable(this.#walk.tools.reader, owner, key, trail);
    node.properties.push({ key, content: { value: ref }, flags: undefined, variable });
  }
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

function refuseHostState({ free, trail }: OpenBinding, state: string): never {
  refuse(
    `\`${free.name}\` was made from this program's own state (\`${state}\`), which may differ or be secret elsewhere`,
    'read it where the function runs and pass it as an argument or capability; to send the value ' +
      "as it is: track(fn, { values: 'copy' })",
    trail,
  );
}

/** A value that would travel as plain data. */
function isData(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (!isObject(value)) return true;
  if (types.isProxy(value)) return false;
  const brand = brandOf(value);
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || (brand !== undefined && isPrototypeOfClass(brand, prototype));
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

/** A member that reaches the others by `this` needs all of them. */
function usesThis(owner: object, key: string): boolean {
  const member: unknown = Reflect.get(owner, key);
  if (typeof member !== 'function' || types.isProxy(member)) return false;
  const text = Function.prototype.toString.call(member);
  return !text.startsWith('class') && /\bthis\b/.test(text);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
