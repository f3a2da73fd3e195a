import { isBuiltin } from 'node:module';
import type { AnyNode } from 'acorn';
import { AS_CAPABILITY } from '../refusal/fixes.ts';
import { refuse } from '../refusal/refusal.ts';
import { subjectOf, type Trail } from '../refusal/trail.ts';
import type { LiveScope } from '../scripts/inspected.ts';
import type { Script } from '../scripts/script.ts';
import { isTopLevel } from '../scripts/top-level.ts';
import type { Binding } from '../walk/graph.ts';
import { declarationKey, type FreeName, membersRead } from './free-names.ts';
import { COMMONJS_NAMES, isGuestGlobal, PARTIAL_GLOBALS } from './guest-globals.ts';
import { importedFrom, isImported } from './imports.ts';
import { initialiserOf } from './initialisers.ts';

/** Code whose free names are looked up in the scopes around it. */
export interface CodeInScopes {
  readonly script: Script;
  readonly scopes: readonly LiveScope[];
  readonly trail: Trail;
}

/** A captured variable before its value was followed. */
export type OpenBinding = Omit<Binding, 'ref'> & {
  readonly value: unknown;
  /** Whether V8 still has the value; it drops what only the top level of a module used. */
  readonly isKept: boolean;
  readonly trail: Trail;
};

/** In place of the scope of a variable whose value nobody looks up. */
export const NO_SCOPE: LiveScope = { kind: 'none', variables: {} };

/**
 * The variables that code takes from around it, with their live values; names that the guest knows
 * itself are left out.
 *
 * @param onGlobal hears of those
 * @throws Refusal for a name that stands for nothing that can travel
 */
export function bindingsOf(
  code: CodeInScopes,
  names: readonly FreeName[],
  onGlobal: (free: FreeName) => void,
): OpenBinding[] {
  return names.flatMap((free) => {
    const trail: Trail = { kind: 'variable', text: free.name, before: code.trail };
    checkDeclaration(code.script, free, trail);
    const scope = scopeOf(code, free, trail);
    if (scope === undefined) {
      onGlobal(free);
      return [];
    }
    const isKept = scope !== NO_SCOPE;
    const value = isKept ? readVariable(scope, free, trail) : undefined;
    if (isKept) checkAssigned(free, value, trail);
    const { variable } = free;
    return [
      {
        free,
        declaration: declarationKey(code.script, free),
        isTopLevel: variable !== undefined && isTopLevel(code.script, variable),
        scope,
        value,
        isKept,
        trail,
      },
    ];
  });
}

/** What the text alone says about a name. */
function checkDeclaration(script: Script, free: FreeName, trail: Trail): void {
  const { name, variable } = free;
  if (name === 'arguments') {
    const problem = 'the arrow function uses `arguments` of the function around it';
    refuse(problem, 'take `(...args)` in the outer function and use `args`', trail);
  }
  if (variable?.scope.type === 'function-expression-name') {
    const problem = `\`${name}\` is the inner name of a function expression around it, which V8 hides`;
    refuse(problem, `declare it: \`function ${name}() {…}\` or \`const ${name} = …\``, trail);
  }
  const source = variable === undefined ? undefined : importedFrom(script, variable);
  if (source !== undefined && isBuiltin(source.module) && !isGuestGlobal(source.name)) {
    if (isEnvironmentOnly(script, free, source)) return;
    // Its members are judged one by one.
    if (source.name === '*' && membersRead(script, free) !== undefined) return;
    refuse(`\`${name}\` is a Node built-in; the isolate has no Node API`, AS_CAPABILITY, trail);
  }
  if (free.isWritten && isConstant(free)) {
    const problem = `\`${name}\` is assigned, and it is a constant`;
    refuse(problem, `declare it with \`let\`, or keep it in an object`, trail);
  }
}

/** `process.env` is all that the guest has of its program, and has it by any name. */
function isEnvironmentOnly(
  script: Script,
  free: FreeName,
  source: NonNullable<ReturnType<typeof importedFrom>>,
): boolean {
  if (!/^(node:)?process$/.test(source.module)) return false;
  return (
    source.name === 'env' || hasOnlyMembers(script, free, PARTIAL_GLOBALS.get('process') ?? [])
  );
}

function isConstant({ variable }: FreeName): boolean {
  if (isImported(variable)) return true;
  const definition = variable?.defs[0];
  return definition?.type === 'Variable' && definition.parent.kind === 'const';
}

/** The live scope that holds the variable; undefined for a global the guest has. */
function scopeOf(code: CodeInScopes, free: FreeName, trail: Trail): LiveScope | undefined {
  const scope = code.scopes.find(({ variables }) => free.name in variables);
  if (scope?.kind === 'With') {
    refuse(`\`${free.name}\` comes from a \`with\` block`, 'read it into a const first', trail);
  }
  if (scope !== undefined && scope.kind !== 'Global') {
    if (free.variable === undefined) checkUndeclared(free, trail);
    return scope;
  }
  if (free.variable !== undefined) {
    // Only `var` and functions of a classic script are properties of the global object.
    return scope !== undefined && !isLexical(free) ? scope : unkeptScope(free, trail);
  }
  checkGlobal(code.script, free, scope !== undefined, trail);
  return undefined;
}

function isLexical({ variable }: FreeName): boolean {
  const definition = variable?.defs[0];
  if (definition?.type === 'Variable') return definition.parent.kind !== 'var';
  return definition?.type === 'ClassName' || isImported(variable);
}

/** What V8 dropped can be made again if it has an initialiser or comes from a package. */
function unkeptScope(free: FreeName, trail: Trail): LiveScope {
  if (isImported(free.variable) || (free.variable && initialiserOf(free.variable))) return NO_SCOPE;
  refuseUnkept(free.name, trail);
}

/** @throws Refusal always */
export function refuseUnkept(name: string, trail: Trail): never {
  const problem = `the value of \`${name}\` cannot be found: V8 does not keep it`;
  refuse(problem, 'copy it to a const beside the function', trail);
}

/** A variable that V8 knows and the script does not declare: CommonJS's own, or around an `eval`. */
function checkUndeclared({ name, isWritten }: FreeName, trail: Trail): void {
  if (isWritten) {
    const problem = `\`${name}\` is assigned, and its declaration is not in the same script`;
    refuse(problem, `keep it in an object: \`const state = { ${name} }\``, trail);
  }
  if (!COMMONJS_NAMES.includes(name) || name === 'exports') return;
  if (name === 'require') {
    const problem = 'the function calls `require`, and the isolate has no module loader';
    refuse(problem, 'require it at the top of the file instead', trail);
  }
  const problem = `\`${name}\` belongs to the file's place in this program`;
  refuse(problem, 'copy what you need of it to a const outside the function', trail);
}

function checkGlobal(script: Script, free: FreeName, exists: boolean, trail: Trail): void {
  const { name } = free;
  if (isGuestGlobal(name) || isPartlyGuest(script, free)) return;
  if (!free.isWritten && free.uses.every((use) => isTypeof(script.parents.get(use)))) return;
  if (!exists) {
    const problem = `\`${name}\` is not declared anywhere`;
    refuse(problem, `declare it, or test it with \`typeof ${name}\` only`, trail);
  }
  const members = PARTIAL_GLOBALS.get(name);
  const had = members?.map((member) => `\`${name}.${member}\``).join(' and ');
  if (had !== undefined) {
    const problem = `the isolate has only ${had} of the global ${subjectOf(trail)}`;
    const orCopy = name === 'process' ? ', or copy what you need of it to a const' : '';
    refuse(problem, `${AS_CAPABILITY}${orCopy}`, trail);
  }
  const problem = `${subjectOf(trail)} is a global of this program that the isolate does not have`;
  // What a program put there itself is often plain data.
  const isOwn = Object.getOwnPropertyDescriptor(globalThis, name)?.enumerable === true;
  const isNodes = ['navigator', 'global'].includes(name);
  const orCopy = isOwn && !isNodes ? ', or copy what you need of it to a const' : '';
  refuse(problem, `${AS_CAPABILITY}${orCopy}`, trail);
}

function isPartlyGuest(script: Script, free: FreeName): boolean {
  const members = PARTIAL_GLOBALS.get(free.name);
  return members !== undefined && hasOnlyMembers(script, free, members);
}

function hasOnlyMembers(script: Script, free: FreeName, members: readonly string[]): boolean {
  return free.uses.every((use) => {
    const parent = script.parents.get(use);
    if (isTypeof(parent)) return true;
    if (parent?.type !== 'MemberExpression' || parent.object !== use || parent.computed)
      return false;
    return parent.property.type === 'Identifier' && members.includes(parent.property.name);
  });
}

function isTypeof(node: AnyNode | undefined): boolean {
  return node?.type === 'UnaryExpression' && node.operator === 'typeof';
}

function readVariable(scope: LiveScope, free: FreeName, trail: Trail): unknown {
  try {
    return scope.variables[free.name];
  } catch (cause) {
    const problem = `\`${free.name}\` is not yet initialised`;
    refuse(
      problem,
      'create the tracked function after the line that gives it a value',
      trail,
      cause,
    );
  }
}

// A `var` or a function's variable may be read before its line has run, and gives undefined then.
function checkAssigned({ name, variable }: FreeName, value: unknown, trail: Trail): void {
  if (value !== undefined || variable === undefined) return;
  const initialiser = initialiserOf(variable);
  if (initialiser === undefined || !isSomething(initialiser.init)) return;
  refuse(
    `\`${name}\` is not yet initialised`,
    'create the tracked function after the line that gives it a value',
    trail,
  );
}

/** Whether an expression surely gives something else than undefined. */
function isSomething({ type }: AnyNode): boolean {
  return (
    type === 'Literal' ||
    type === 'TemplateLiteral' ||
    type === 'ObjectExpression' ||
    type === 'ArrayExpression' ||
    type === 'NewExpression' ||
    type === 'FunctionExpression' ||
    type === 'ArrowFunctionExpression' ||
    type === 'ClassExpression'
  );
}
