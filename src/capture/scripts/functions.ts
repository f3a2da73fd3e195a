import type { AnyNode } from 'acorn';
import type { Node as ScopeNode } from 'estree';
import type { AnyFunction } from '../../model/function-type.ts';
import type { PackageExport } from '../names/packages.ts';
import { isSteady } from '../names/steady.ts';
import { AS_CAPABILITY } from '../refusal/fixes.ts';
import { refuse } from '../refusal/refusal.ts';
import { subjectOf, type Trail } from '../refusal/trail.ts';
import { isNativeText, nameOfFunction, textOfFunction } from '../values/live-function.ts';
import { type ClassPlan, planClass } from './class-plan.ts';
import type { FunctionFacts } from './function-facts.ts';
import { findHazard } from './hazards.ts';
import type { Inspector } from './inspect.ts';
import type { InspectedFunction, PrivateMember, ScriptLocation } from './inspected.ts';
import { parseScript, type Script } from './script.ts';
import { plainPath, ScriptCache } from './script-cache.ts';
import { originalPlaceOf, scriptMapOf } from './script-map.ts';
import { pathOfUrl } from './source-file.ts';
import { type FunctionSyntax, isClassSyntax, type TextRange } from './syntax.ts';

/** A live function with its place in the source. */
export interface OpenFunction extends FunctionFacts {
  readonly inspected: InspectedFunction;
  /** Of a class: how its text is taken. */
  readonly plan: ClassPlan | undefined;
  /** Refuses the function unless its class is captured as well. */
  readonly checkMember: (() => void) | undefined;
}

/** How a function is looked at. */
export interface FunctionLook {
  /** Whether static fields that read the environment travel by value. */
  readonly copiesValues: boolean;
  /** Which package's export a function of a script is, if it is one. */
  exported(script: Script, inspected: InspectedFunction): PackageExport | undefined;
}

/** Finds the source of live functions, and refuses those that cannot be moved. */
export class FunctionReader {
  readonly #inspector: Inspector;
  readonly #scripts = new ScriptCache();
  readonly #noScripts = new Set<string>();
  /** Of functions whose variables never change: V8 need not be asked again. */
  readonly #steady = new WeakMap<AnyFunction, InspectedFunction>();

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /** @throws Refusal */
  open(
    fn: AnyFunction,
    met: Trail | undefined,
    look: FunctionLook,
  ): OpenFunction | { readonly from: PackageExport } {
    const name = nameOfFunction(fn);
    const text = textOfFunction(fn);
    const inspected = this.#steady.get(fn) ?? this.#inspector.inspect(fn);
    const kind = /^class\b/.test(text) ? 'class' : 'function';
    const tally = met?.tally;
    const early: Trail = { kind, text: name || '(anonymous)', before: met, tally };
    const location = checkHasSource(inspected, text, met ?? early);
    const script = this.#scriptOf(location, early);
    const from = look.exported(script, inspected);
    if (from !== undefined) return { from };
    const syntax = findSyntax(script, location, text, early);
    const textStart = syntax.end - text.length;
    const trail = { ...early, place: placeOf(script, startOf(script, syntax, textStart)) };
    const plan = isClassSyntax(syntax)
      ? planClass(fn, script, syntax, trail, look.copiesValues)
      : undefined;
    const checkMember = checkHazards(script, syntax, plan?.edits ?? [], trail);
    const isStrict = isStrictAround(script, syntax);
    return { name, script, syntax, textStart, isStrict, trail, inspected, plan, checkMember };
  }

  /** Remembers a function whose variables were read, if they never change. */
  keep(fn: AnyFunction, { script, syntax, plan, inspected }: OpenFunction): void {
    const isKept = plan === undefined && isSteady(script, syntax, inspected);
    if (isKept) this.#steady.set(fn, inspected);
  }

  /** Where a function stands, without opening it; undefined for one without source. */
  locate(
    fn: AnyFunction,
    met: Trail,
  ): { readonly script: Script; readonly inspected: InspectedFunction } | undefined {
    const inspected = this.#inspector.inspect(fn);
    if (inspected.location === undefined) return undefined;
    return { script: this.#scriptOf(inspected.location, met), inspected };
  }

  /** The script of a file that this program has loaded; TypeScript may name it with `.js`. */
  scriptOfFile(path: string): Script | undefined {
    const known = this.#scripts.ofFile(path);
    const plain = plainPath(path);
    // Who asks has imported it, so what is no script now never becomes one: JSON, say.
    if (known !== undefined || this.#noScripts.has(plain)) return known;
    const text = this.#inspector.findScript((url) => plainPath(pathOfUrl(url) ?? '') === plain);
    if (text !== undefined) return this.#scripts.add(parse(text, { kind: 'variable', text: path }));
    this.#noScripts.add(plain);
    return undefined;
  }

  /** Must follow every capture: lets go of scripts that were not used for long. */
  settle(): void {
    this.#inspector.settle();
    this.#scripts.trim();
  }

  /** The private members of an instance or class, see `Inspector.privateMembers`. */
  privateMembers(value: object): readonly PrivateMember[] {
    return this.#inspector.privateMembers(value);
  }

  #scriptOf(location: ScriptLocation, trail: Trail): Script {
    const known = this.#scripts.get(location.scriptId);
    if (known !== undefined) return known;
    const text = this.#inspector.readScript(location.scriptId);
    if (text.url.startsWith('node:')) {
      const problem = `${subjectOf(trail)} is part of the Node built-in \`${text.url}\`; the isolate has no Node API`;
      refuse(problem, AS_CAPABILITY, trail);
    }
    return this.#scripts.add(parse(text, trail));
  }
}

function checkHasSource(
  { location, isBound }: InspectedFunction,
  text: string,
  trail: Trail,
): ScriptLocation {
  const subject = subjectOf(trail);
  if (isBound) {
    const fix = 'use an arrow that calls the function: `(...args) => f.call(self, ...args)`';
    refuse(`${subject} is a bound function, which has no source of its own`, fix, trail);
  }
  if (location === undefined || isNativeText(text)) {
    const fix = 'use an arrow around what you need of it, or pass it as a capability';
    refuse(`${subject} is native code, which cannot travel`, fix, trail);
  }
  return location;
}

function parse(text: Parameters<typeof parseScript>[0], trail: Trail): Script {
  try {
    return parseScript(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const problem = `the source of ${subjectOf(trail)} cannot be parsed: ${reason}`;
    refuse(problem, 'write it in syntax of ECMAScript 2025', trail, cause);
  }
}

function findSyntax(
  script: Script,
  location: ScriptLocation,
  text: string,
  trail: Trail,
): FunctionSyntax {
  const { start } = script;
  const line = location.lineNumber - start.line;
  const column = location.columnNumber - (line === 0 ? start.column : 0);
  const offset = script.lines.offsetOf(line, column);
  const found = script.functions
    .filter((node) => node.start <= offset && offset <= node.end)
    .filter((node) => script.source.slice(node.end - text.length, node.end) === text)
    .sort((one, other) => one.end - one.start - (other.end - other.start))[0];
  if (found !== undefined) return found;
  const problem = `the source of ${subjectOf(trail)} is not found in its script`;
  refuse(problem, 'declare the function in an ordinary file', trail);
}

function placeOf(script: Script, offset: number): string {
  const original = originalPlaceOf(script)?.(offset);
  if (original !== undefined) {
    return `${original.shown}:${original.line + 1}:${original.column + 1}`;
  }
  const { line, column } = script.lines.positionOf(offset);
  return `${script.file?.shown ?? 'no file'}:${line}:${column}`;
}

/** Where a function begins, or its first part that a compiler's map knows exactly. */
function startOf(script: Script, syntax: FunctionSyntax, textStart: number): number {
  const map = scriptMapOf(script);
  if (map === undefined) return textStart;
  const inner = 'params' in syntax ? syntax.params : [];
  const starts = [textStart, syntax.start, syntax.id?.start, inner[0]?.start, syntax.body.start];
  return starts.find((start) => start !== undefined && map.find(start)?.isExact) ?? textStart;
}

/** @returns what refuses the hazards that are none inside a captured class */
function checkHazards(
  script: Script,
  syntax: FunctionSyntax,
  skipped: readonly TextRange[],
  trail: Trail,
): (() => void) | undefined {
  const hazard = findHazard(script, syntax, skipped, isTopLevelThis(script, syntax));
  if (hazard === undefined) return undefined;
  const refuseIt = (): never => {
    const line = placeOf(script, hazard.offset).split(':').at(-2);
    refuse(`${subjectOf(trail)} ${hazard.what} (line ${line})`, hazard.fix, trail);
  };
  return hazard.needsClass ? refuseIt : refuseIt();
}

/** At the top of an ES module `this` is undefined, and is so in an artifact. */
function isTopLevelThis(script: Script, syntax: FunctionSyntax): boolean {
  let inner: AnyNode = syntax;
  let node = script.parents.get(inner);
  for (; node !== undefined; inner = node, node = script.parents.get(node)) {
    const isOwner =
      node.type === 'FunctionDeclaration' ||
      node.type === 'FunctionExpression' ||
      node.type === 'StaticBlock' ||
      (node.type === 'PropertyDefinition' && node.value === inner);
    if (isOwner) return false;
  }
  return script.isModule;
}

function isStrictAround(script: Script, syntax: FunctionSyntax): boolean {
  if (script.isModule) return true;
  let node: AnyNode | undefined = script.parents.get(syntax);
  for (; node !== undefined; node = script.parents.get(node)) {
    const scope = script.scopes.acquire(node as unknown as ScopeNode, true);
    if (scope !== null) return scope.isStrict;
  }
  return false;
}
