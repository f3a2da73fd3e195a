import type { AnyNode } from 'acorn';
import { bindingsOf, type CodeInScopes, NO_SCOPE, type OpenBinding } from '../names/bindings.ts';
import { declarationKey, type FreeName, freeNamesWithin } from '../names/free-names.ts';
import type { ImportedConstant } from '../names/imported-constant.ts';
import { hostStateIn, isRepeatable, readsEnvironment } from '../names/initialisers.ts';
import { isChangedLater } from '../names/later-changes.ts';
import { isRepeatableSetUp, setUpsOf } from '../names/set-up.ts';
import { refuse } from '../refusal/refusal.ts';
import { subjectOf, type Trail } from '../refusal/trail.ts';
import type { LiveScope } from '../scripts/inspected.ts';
import type { Script } from '../scripts/script.ts';
import { isObject } from '../values/is-object.ts';
import type { InitialiserNode, Ref, SetUpNode } from './graph.ts';
import type { WalkState } from './walk-state.ts';

/** Takes along what runs again where the function runs: initialisers, and statements that set up packages. */
export class InitialiserWalk {
  readonly #walk: WalkState;
  readonly #follow: (binding: OpenBinding, code: CodeInScopes) => Ref;

  constructor(walk: WalkState, follow: (binding: OpenBinding, code: CodeInScopes) => Ref) {
    this.#walk = walk;
    this.#follow = follow;
  }

  /** A constant of another module that was made from this program's own state. */
  makeImported(constant: ImportedConstant, value: unknown, trail: Trail): Ref | undefined {
    if (this.#walk.tools.copiesValues) return undefined;
    const { script, init, declared } = constant;
    const state = hostStateIn(script, init);
    if (state !== undefined) refuseHostState(trail, state);
    if (!readsEnvironment(script, init)) return undefined;
    if (!isRepeatable(script, init)) refuseHostState(trail, 'process.env');
    const variable = declared?.variable;
    const free: FreeName = {
      name: variable?.name ?? 'default',
      variable,
      isWritten: false,
      uses: [],
    };
    const declaration = declarationKey(script, free);
    const binding = {
      free,
      declaration,
      isTopLevel: true,
      scope: NO_SCOPE,
      value,
      isKept: true,
      trail,
    };
    const initialiser = { declarator: declared?.declarator ?? init, init };
    return this.remake(binding, initialiser, { script, scopes: [], trail });
  }

  remake(
    binding: OpenBinding,
    { declarator }: { readonly declarator: AnyNode },
    code: CodeInScopes,
  ): InitialiserNode {
    const { nodes, remade } = this.#walk;
    const met = remade.get(binding.declaration);
    if (met !== undefined) return met;
    const { script } = code;
    const node: InitialiserNode = {
      kind: 'initialiser',
      name: declarator.type === 'VariableDeclarator' ? binding.free.name : undefined,
      syntax: declarator,
      script,
      bindings: [],
      isStrict: script.isModule,
      trail: binding.trail,
    };
    checkUnchanged(binding, script);
    remade.set(binding.declaration, node);
    if (isObject(binding.value) && !nodes.has(binding.value)) nodes.set(binding.value, node);
    const trail = this.#walk.tallied(binding.trail, binding.value, true);
    this.#walk.count(declarator.end - declarator.start, trail);
    this.#walk.later(() => this.#fillInitialiser(node, binding, code));
    return node;
  }

  /** The statements at the top of the module that change what it imports of a package. */
  setUp({ free, scope, trail }: OpenBinding, code: CodeInScopes): void {
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
    const useGlobal = (free: FreeName): void => this.#walk.useGlobal(code.script, free);
    for (const binding of bindingsOf(inner, names, useGlobal)) {
      const { free, declaration, isTopLevel } = binding;
      const ref = this.#follow(binding, inner);
      node.bindings.push({ free, declaration, isTopLevel, scope: binding.scope, ref });
    }
  }
}

/** @throws Refusal always */
export function refuseHostState(trail: Trail, state: string): never {
  refuse(
    `${subjectOf(trail)} was made from this program's own state (\`${state}\`), which may differ or be secret elsewhere`,
    'read it where the function runs and pass it as an argument or capability; to send the value ' +
      "as it is: track(fn, { values: 'copy' })",
    trail,
  );
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

function refuseSetUp(name: string, script: Script, { start, end }: AnyNode, trail: Trail): never {
  const text = script.source.slice(start, Math.min(end, start + 60));
  const problem = `\`${name}\` is changed at the top of its module by \`${text}\`, which cannot run again`;
  refuse(problem, 'do that inside the function', trail);
}
