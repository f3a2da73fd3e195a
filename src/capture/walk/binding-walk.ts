import { type CodeInScopes, type OpenBinding, refuseUnkept } from '../names/bindings.ts';
import { freeNamesWithin, membersRead } from '../names/free-names.ts';
import { importedConstant } from '../names/imported-constant.ts';
import {
  hostStateIn,
  type Initialiser,
  initialiserOf,
  isMadeByPackage,
  isRepeatable,
  readsEnvironment,
} from '../names/initialisers.ts';
import { isData } from '../values/is-data.ts';
import type { Ref } from './graph.ts';
import { InitialiserWalk, refuseHostState } from './initialiser-walk.ts';
import { Namespaces } from './namespaces.ts';
import type { WalkState } from './walk-state.ts';

/** Decides how the value of each captured variable travels. */
export class BindingWalk {
  readonly #walk: WalkState;
  readonly #namespaces: Namespaces;
  readonly #initialisers: InitialiserWalk;

  constructor(walk: WalkState) {
    this.#walk = walk;
    this.#initialisers = new InitialiserWalk(walk, (binding, code) => this.follow(binding, code));
    this.#namespaces = new Namespaces(walk, (...given) =>
      this.#initialisers.makeImported(...given),
    );
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
    const isMade =
      initialiser !== undefined &&
      binding.isTopLevel &&
      isMadeByPackage(code.script, initialiser.init, tools.packages);
    const remake = isMade ? { key: binding.declaration, value } : undefined;
    if (initialiser !== undefined && remake !== undefined && tools.remade.has(remake)) {
      return this.#initialisers.remake(binding, initialiser, code);
    }
    if (initialiser !== undefined && this.#runsAgain(binding, initialiser, code)) {
      return this.#initialisers.remake(binding, initialiser, code);
    }
    const constant = variable && importedConstant(tools.reader, code.script, variable, value);
    const made = constant && this.#initialisers.makeImported(constant, value, binding.trail);
    if (made !== undefined) return made;
    const declared = variable && tools.packages.declared(code.script, variable);
    const hint = declared && { from: declared, isLastResort: false };
    if (hint !== undefined) this.#initialisers.setUp(binding, code);
    const narrowed = this.#namespaces.narrow(binding, code, hint);
    if (narrowed !== undefined) return narrowed;
    const trail = this.#walk.tallied({ ...binding.trail, remake }, value, false);
    return this.#walk.refer(value, trail, hint);
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
      this.#initialisers.setUp(binding, code);
      const part = this.#namespaces.unkept(binding, code, from);
      return part ?? this.#walk.addPackage(from, trail);
    }
    if (initialiser === undefined) refuseUnkept(free.name, trail);
    const { init, declarator } = initialiser;
    const isPlain =
      init.type === 'Literal' && !('regex' in init) && declarator.id.type === 'Identifier';
    if (isPlain) return this.#walk.refer(init.value, trail);
    if (!binding.isTopLevel || !isRepeatable(code.script, init)) refuseUnkept(free.name, trail);
    return this.#initialisers.remake(binding, initialiser, code);
  }

  #runsAgain(binding: OpenBinding, initialiser: Initialiser, code: CodeInScopes): boolean {
    if (this.#walk.tools.copiesValues) return false;
    if (readsEnvironment(code.script, initialiser.init)) {
      this.#checkRepeatable(binding, initialiser, code);
      return true;
    }
    if (isData(binding.value)) {
      const state = hostStateIn(code.script, initialiser.init);
      if (state !== undefined) refuseHostState(binding.trail, state);
    }
    return false;
  }

  /** What read the environment must be able to read it again, there. */
  #checkRepeatable(binding: OpenBinding, initialiser: Initialiser, code: CodeInScopes): void {
    const state = hostStateIn(code.script, initialiser.init);
    if (state !== undefined) refuseHostState(binding.trail, state);
    const names = freeNamesWithin(code.script, initialiser.declarator);
    const isReachable =
      binding.isTopLevel ||
      names.every(
        ({ variable }) =>
          variable === undefined || (variable.defs[0]?.node as unknown) === initialiser.declarator,
      );
    if (isReachable && isRepeatable(code.script, initialiser.init)) return;
    refuseHostState(binding.trail, 'process.env');
  }
}
