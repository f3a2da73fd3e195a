import { types } from 'node:util';
import type { AnyNode } from 'acorn';
import { bindingsOf, type CodeInScopes, type OpenBinding, refuseUnkept } from './bindings.ts';
import { brandOf, isPrototypeOfClass } from './brand.ts';
import { type FreeName, freeNamesWithin, membersRead } from './free-names.ts';
import type { InitialiserNode, Ref, SetUpNode } from './graph.ts';
import {
  hostStateIn,
  type Initialiser,
  initialiserOf,
  isMadeByPackage,
  isRepeatable,
  readsEnvironment,
} from './initialisers.ts';
import type { LiveScope } from './inspected.ts';
import { isObject } from './is-object.ts';
import { isChangedLater } from './later-changes.ts';
import { Namespaces } from './namespaces.ts';
import { refuse } from './refusal.ts';
import type { Script } from './script.ts';
import { isRepeatableSetUp, setUpsOf } from './set-up.ts';
import type { Tally, Trail } from './trail.ts';
import type { WalkState } from './walk-state.ts';

/** Decides how the value of each captured variable travels. */
export class BindingWalk {
  readonly #walk: WalkState;
  readonly #namespaces: Namespaces;

  constructor(walk: WalkState) {
    this.#walk = walk;
    this.#namespaces = new Namespaces(walk);
  }

  follow(binding: OpenBinding, code: CodeInScopes): Ref {
    const { value } = binding;
    const { tools } = this.#walk;
    if (this.#walk.isStandIn(value)) return this.#walk.refer(value, binding.trail);
    const { variable } = binding.free;
    if (value === process && membersRead(code.script, binding.free)?.join() === 'env') {
      return { kind: 'expression', text: 'process' };
    }
    const builtin = this.#namespaces.ofNode(binding, code);
    if (builtin !== undefined) return builtin;
    const initialiser = variable && initialiserOf(variable);
    if (!binding.isKept) return this.#followUnkept(binding, initialiser, code);
    if (initialiser !== undefined && this.#runsAgain(binding, initialiser, code)) {
      return this.#remake(binding, initialiser, code);
    }
    const declared = variable && tools.packages.declared(code.script, variable);
    const hint = declared && { from: declared, isLastResort: false };
    if (hint !== undefined) this.#setUp(binding, code);
    const narrowed = this.#namespaces.narrow(binding, code, hint);
    if (narrowed !== undefined) return narrowed;
    const isMade =
      initialiser !== undefined &&
      binding.isTopLevel &&
      isMadeByPackage(code.script, initialiser.init, tools.packages);
    const remake = isMade ? binding.declaration : undefined;
    return this.#walk.refer(value, this.#tallied({ ...binding.trail, remake }, binding), hint);
  }

  /** What V8 dropped is taken from the package it comes from, or made again. */
  #followUnkept(
    binding: OpenBinding,
    initialiser: Initialiser | undefined,
    code: CodeInScopes,
  ): Ref {
    const { free, trail } = binding;
    const from = free.variable && this.#walk.tools.packages.declared(code.script, free.variable);
    if (from !== undefined) {
      this.#setUp(binding, code);
      const part = this.#namespaces.unkept(binding, code, from);
      return part ?? this.#walk.addPackage(from, trail);
    }
    if (initialiser === undefined) refuseUnkept(free.name, trail);
    const { init, declarator } = initialiser;
    const isPlain =
      init.type === 'Literal' && !('regex' in init) && declarator.id.type === 'Identifier';
    if (isPlain) return this.#walk.refer(init.value, trail);
    if (!binding.isTopLevel || !isRepeatable(code.script, init)) refuseUnkept(free.name, trail);
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
      const state = hostStateIn(code.script, initialiser.init);
      if (state !== undefined) refuseHostState(binding, state);
    }
    return false;
  }

  /** What read the environment must be able to read it again, there. */
  #checkRepeatable(binding: OpenBinding, initialiser: Initialiser, code: CodeInScopes): void {
    const state = hostStateIn(code.script, initialiser.init);
    if (state !== undefined) refuseHostState(binding, state);
    const names = freeNamesWithin(code.script, initialiser.declarator);
    const isReachable =
      binding.isTopLevel ||
      names.every(
        ({ variable }) =>
          variable === undefined || (variable.defs[0]?.node as unknown) === initialiser.declarator,
      );
    if (isReachable && isRepeatable(code.script, initialiser.init)) return;
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
    checkUnchanged(binding, script);
    remade.set(binding.declaration, node);
    if (isObject(binding.value) && !nodes.has(binding.value)) nodes.set(binding.value, node);
    this.#walk.count(declarator.end - declarator.start, binding.trail);
    this.#walk.later(() => this.#fillInitialiser(node, binding, code));
    return node;
  }

  /** The statements at the top of the module that change what it imports of a package. */
  #setUp({ free, scope, trail }: OpenBinding, code: CodeInScopes): void {
    const { script } = code;
    if (free.variable === undefined) return;
    for (const syntax of setUpsOf(script, free.variable)) {
      const key = `${script.id}:${syntax.start}`;
      if (this.#walk.setUps.has(key)) continue;
      if (!isRepeatableSetUp(script, syntax)) refuseSetUp(free.name, script, syntax, trail);
      const { isModule } = script;
      const node: SetUpNode = {
        kind: 'set-up',
        syntax,
        script,
        bindings: [],
        isStrict: isModule,
        trail,
      };
      this.#walk.setUps.set(key, node);
      this.#walk.count(syntax.end - syntax.start, trail);
      this.#walk.later(() => this.#fill(node, scope, code, freeNamesWithin(script, syntax)));
    }
  }

  #fillInitialiser(node: InitialiserNode, { scope }: OpenBinding, code: CodeInScopes): void {
    const names = freeNamesWithin(code.script, node.syntax).filter(
      // Not what the same declarator declares, as in `const { a, b } = …`.
      ({ variable }) => (variable?.defs[0]?.node as unknown) !== node.syntax,
    );
    this.#fill(node, scope, code, names);
  }

  /** What the code names was declared around it, not around the function that uses it. */
  #fill(
    node: InitialiserNode | SetUpNode,
    scope: LiveScope,
    code: CodeInScopes,
    names: readonly FreeName[],
  ): void {
    const from = Math.max(0, code.scopes.indexOf(scope));
    const inner = { ...code, scopes: code.scopes.slice(from), trail: node.trail };
    for (const binding of bindingsOf(inner, names)) {
      const { free, declaration, isTopLevel } = binding;
      const ref = this.follow(binding, inner);
      node.bindings.push({ free, declaration, isTopLevel, scope: binding.scope, ref });
    }
  }
}

function refuseSetUp(name: string, script: Script, { start, end }: AnyNode, trail: Trail): never {
  const text = script.source.slice(start, Math.min(end, start + 60));
  const problem = `\`${name}\` is changed at the top of its module by \`${text}\`, which cannot run again`;
  refuse(problem, 'do that inside the function', trail);
}

/** What a program did to an object after its initialiser would be missing. @throws Refusal */
function checkUnchanged({ free, value, trail }: OpenBinding, script: Script): void {
  if (!isObject(value) || free.variable === undefined) return;
  if (!isChangedLater(script, free.variable)) return;
  refuse(
    `\`${free.name}\` has to be made anew where the function runs, and what is changed in it after its declaration would be lost`,
    'make it in one expression, in a function that is called there, or do the change inside the function',
    trail,
  );
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
