import type { AnyNode, MethodDefinition, PropertyDefinition } from 'acorn';
import type { AnyFunction } from '../../model/function-type.ts';
import { readsOnlyEnvironment } from '../names/initialisers.ts';
import { refuse } from '../refusal/refusal.ts';
import { subjectOf, type Trail } from '../refusal/trail.ts';
import { textOfFunction } from '../values/live-function.ts';
import { flagsOf } from '../values/properties.ts';
import type { Script } from './script.ts';
import type { ClassSyntax, TextRange } from './syntax.ts';

/** How the text of a class becomes one that can be evaluated again, elsewhere. */
export interface ClassPlan {
  readonly edits: readonly OpenEdit[];
  readonly members: readonly ClassMember[];
  /** Names of the static fields that read the environment where the function runs, as they are written. */
  readonly linked: readonly string[];
  /** Keys of instance fields that are computed when the class is made. */
  readonly fieldKeys: readonly AnyNode[];
}

/** A part of the text that is replaced, by text or by the key that it once gave. */
export interface OpenEdit extends TextRange {
  readonly text: string | { readonly key: string | symbol };
}

/** A function that the class body makes. */
export interface ClassMember {
  readonly value: object;
  readonly isStatic: boolean;
  readonly key: string | symbol;
  readonly slot: 'value' | 'get' | 'set';
  /** Whether its property is as the class body makes it. */
  readonly isUntouched: boolean;
}

// Stands where the superclass was until the real one is put in place; it needs no name.
const ANY_CLASS = '(class {})';
// An empty element, so that what stands before and after stays apart.
const NOTHING = ';';

/**
 * Everything a class body evaluates once must not be evaluated again: the superclass, computed keys,
 * static fields and blocks. What they gave is read from the live class instead.
 *
 * @throws Refusal for a computed field whose key cannot be known
 */
export function planClass(
  fn: AnyFunction,
  script: Script,
  syntax: ClassSyntax,
  trail: Trail,
  copiesValues: boolean,
): ClassPlan {
  const members = [...membersOn(fn, fn, true, script, syntax), ...ofPrototype(fn, script, syntax)];
  const edits: OpenEdit[] = [];
  if (syntax.superClass) edits.push({ ...rangeOf(syntax.superClass), text: ANY_CLASS });
  const linked = copiesValues ? [] : fieldsOfEnvironment(script, syntax);
  for (const element of syntax.body.body) {
    if (linked.some((field) => field === element)) continue;
    if (element.type === 'StaticBlock') edits.push({ ...rangeOf(element), text: NOTHING });
    else if (element.type === 'PropertyDefinition') edits.push(...fieldEdits(element, trail));
    else edits.push(...methodEdits(element, members));
  }
  return {
    edits,
    members: members.map(({ member }) => member),
    fieldKeys: syntax.body.body.flatMap((element) =>
      element.type === 'PropertyDefinition' && !element.static && element.computed
        ? [element.key]
        : [],
    ),
    linked: linked.flatMap(({ key }) => plainKey(key) ?? []),
  };
}

function fieldsOfEnvironment(script: Script, syntax: ClassSyntax): PropertyDefinition[] {
  return syntax.body.body.filter(
    (element): element is PropertyDefinition =>
      element.type === 'PropertyDefinition' &&
      element.static &&
      !element.computed &&
      !!element.value &&
      readsOnlyEnvironment(script, element.value),
  );
}

interface Found {
  readonly element: MethodDefinition;
  readonly member: ClassMember;
}

function ofPrototype(fn: AnyFunction, script: Script, syntax: ClassSyntax): Found[] {
  const prototype: object = Reflect.get(fn, 'prototype');
  return membersOn(fn, prototype, false, script, syntax);
}

function membersOn(
  fn: AnyFunction,
  home: object,
  isStatic: boolean,
  script: Script,
  syntax: ClassSyntax,
): Found[] {
  const elements = syntax.body.body.filter(
    (element): element is MethodDefinition =>
      element.type === 'MethodDefinition' &&
      element.static === isStatic &&
      element.kind !== 'constructor' &&
      element.key.type !== 'PrivateIdentifier',
  );
  if (elements.length === 0) return [];
  return Reflect.ownKeys(home).flatMap((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(home, key) ?? {};
    const isUntouched = isAsDefined(descriptor);
    return (['value', 'get', 'set'] as const).flatMap((slot) => {
      const value: unknown = descriptor[slot];
      if (typeof value !== 'function' || value === fn) return [];
      const element = elements.find((one) => makes(one, script, key, slot, value as AnyFunction));
      if (element === undefined) return [];
      return [{ element, member: { value, isStatic, key, slot, isUntouched } }];
    });
  });
}

function isAsDefined(descriptor: PropertyDescriptor): boolean {
  const flags = flagsOf(descriptor);
  return flags?.enumerable === false && flags.writable && flags.configurable;
}

/** Whether a function that was found under `key` is the one of this element. */
function makes(
  element: MethodDefinition,
  script: Script,
  key: string | symbol,
  slot: ClassMember['slot'],
  value: AnyFunction,
): boolean {
  if (element.kind !== (slot === 'value' ? 'method' : slot)) return false;
  if (!element.computed && plainKey(element.key) !== key) return false;
  const text = textOfFunction(value);
  const start = element.end - text.length;
  return start >= element.start && script.source.slice(start, element.end) === text;
}

function plainKey(key: AnyNode): string | undefined {
  if (key.type === 'Identifier') return key.name;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

function methodEdits(element: MethodDefinition, members: readonly Found[]): OpenEdit[] {
  if (element.kind === 'constructor' || element.key.type === 'PrivateIdentifier') return [];
  const found = members.find((one) => one.element === element);
  // It was deleted or replaced since.
  if (found === undefined) return [{ ...rangeOf(element), text: NOTHING }];
  return element.computed ? [{ ...rangeOf(element.key), text: { key: found.member.key } }] : [];
}

function fieldEdits(element: PropertyDefinition, trail: Trail): OpenEdit[] {
  if (!element.static) {
    if (element.computed) checkFieldKey(element.key, trail);
    return [];
  }
  if (element.key.type !== 'PrivateIdentifier') return [{ ...rangeOf(element), text: NOTHING }];
  if (!element.value) return [];
  return [{ start: element.key.end, end: element.value.end, text: '' }];
}

/** The key of an instance's field can only be had by evaluating it again. */
function checkFieldKey(key: AnyNode, trail: Trail): void {
  if (isRepeatableKey(key)) return;
  const problem = `${subjectOf(trail)} has a field whose key is computed when the class is made`;
  refuse(problem, 'compute the key first: `const key = …` and `[key] = …`', trail);
}

function isRepeatableKey(key: AnyNode): boolean {
  switch (key.type) {
    case 'Literal':
    case 'Identifier':
      return true;
    case 'MemberExpression':
      return !key.computed && key.object.type === 'Identifier';
    case 'TemplateLiteral':
      return key.expressions.every(isRepeatableKey);
    case 'BinaryExpression':
      return isRepeatableKey(key.left) && isRepeatableKey(key.right);
    default:
      return false;
  }
}

function rangeOf({ start, end }: AnyNode): TextRange {
  return { start, end };
}
