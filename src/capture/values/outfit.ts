import { types } from 'node:util';
import type { AnyFunction } from '../../model/function-type.ts';
import type { Trail } from '../refusal/trail.ts';
import type { ClassPlan } from '../scripts/class-plan.ts';
import type { FunctionSyntax } from '../scripts/syntax.ts';
import { isClassSyntax } from '../scripts/syntax.ts';
import type { KnownObjects } from './known.ts';
import { nameOfFunction } from './live-function.ts';
import type { Integrity, PropertyFlags } from './properties.ts';
import { flagsOf, type OpenProperty, openProperties } from './properties.ts';
import { constructorOf } from './prototypes.ts';

/** What every function has of itself once it is rebuilt; sloppy ones have the last two as well. */
const IMPLICIT = ['prototype', 'arguments', 'caller'];

/** The properties that the author gave to a function, or that a class evaluated once. */
export function functionProperties(
  fn: AnyFunction,
  syntax: FunctionSyntax,
  plan: ClassPlan | undefined,
  trail: Trail,
): OpenProperty[] {
  const implicit = [...IMPLICIT];
  if (hasPlainName(fn)) implicit.push('name');
  if (hasWrittenLength(fn, syntax)) implicit.push('length');
  const properties = openProperties(fn, trail, [
    ...implicit,
    ...untouched(plan, true),
    ...(plan?.linked ?? []),
  ]);
  if (!hasReplacedPrototype(fn)) return properties;
  const value: unknown = Reflect.get(fn, 'prototype');
  // A function's `prototype` cannot be deleted or listed, but it can be assigned.
  return [{ key: 'prototype', content: { value }, flags: REPLACED, trail }, ...properties];
}

/** The properties that the author gave to a function that a class body makes. */
export function memberProperties(fn: object, trail: Trail): OpenProperty[] {
  return openProperties(fn, trail, [...IMPLICIT, 'name', 'length']);
}

const REPLACED: PropertyFlags = { writable: true, enumerable: false, configurable: false };

/** Whether its `length` is what its parameters say. */
function hasWrittenLength(fn: AnyFunction, syntax: FunctionSyntax): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(fn, 'length');
  const { value, enumerable, writable } = descriptor ?? {};
  return value === lengthOf(syntax) && enumerable === false && writable === false;
}

function lengthOf(syntax: FunctionSyntax): number {
  if (isClassSyntax(syntax)) {
    const maker = syntax.body.body.find(
      (element) => element.type === 'MethodDefinition' && element.kind === 'constructor',
    );
    return maker?.type === 'MethodDefinition' ? lengthOf(maker.value) : 0;
  }
  const { params } = syntax;
  const end = params.findIndex(
    ({ type }) => type === 'AssignmentPattern' || type === 'RestElement',
  );
  return end < 0 ? params.length : end;
}

/** The `prototype` object that comes with a function; undefined if it has none, or another one. */
export function ownPrototype(fn: AnyFunction): object | undefined {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null) return undefined;
  return hasReplacedPrototype(fn) ? undefined : prototype;
}

function hasReplacedPrototype(fn: AnyFunction): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(fn, 'prototype');
  if (descriptor === undefined) return false;
  const prototype: unknown = descriptor.value;
  if (typeof prototype !== 'object' || prototype === null) return true;
  if (types.isGeneratorFunction(fn)) return Reflect.ownKeys(prototype).includes('constructor');
  return types.isProxy(prototype) || constructorOf(prototype) !== fn;
}

/** The properties of a `prototype` that its function or class body does not make. */
export function prototypeProperties(
  fn: AnyFunction,
  prototype: object,
  plan: ClassPlan | undefined,
  trail: Trail,
): OpenProperty[] {
  const maker = Object.getOwnPropertyDescriptor(prototype, 'constructor');
  const isPlain = maker?.value === fn && flagsOf(maker)?.enumerable === false;
  const skipped = isPlain ? ['constructor', ...untouched(plan, false)] : untouched(plan, false);
  return openProperties(prototype, trail, skipped);
}

/** Whether a function inherits from what its syntax makes it inherit from. */
export function hasUsualParent(fn: object, syntax: FunctionSyntax, known: KnownObjects): boolean {
  if (isClassSyntax(syntax) && syntax.superClass) return false;
  const parent: object | null = Object.getPrototypeOf(fn);
  if (parent === null) return false;
  const text = known.guestExpression(parent);
  if (text !== undefined) return text === parentText(syntax);
  // Of another realm, where nothing is known by identity.
  if (types.isProxy(parent) || typeof parent !== 'function') return false;
  return nameOfFunction(parent as AnyFunction) === '';
}

function parentText(syntax: FunctionSyntax): string {
  if (isClassSyntax(syntax)) return 'Function.prototype';
  if (syntax.generator) {
    return syntax.async
      ? 'Object.getPrototypeOf((async function* () {}))'
      : 'Object.getPrototypeOf((function* () {}))';
  }
  return syntax.async ? 'Object.getPrototypeOf((async function () {}))' : 'Function.prototype';
}

/** Flags that freezing or sealing will set again need not be written. */
export function flagsUnder(
  flags: PropertyFlags | undefined,
  integrity: Integrity | undefined,
): PropertyFlags | undefined {
  if (flags === undefined || integrity === undefined || integrity === 'preventExtensions') {
    return flags;
  }
  const writable = integrity === 'freeze' ? true : flags.writable;
  const rest = { ...flags, writable, configurable: true };
  return rest.writable && rest.enumerable ? undefined : rest;
}

/** Whether the name is one that can be given by a definition. */
export function hasPlainName(fn: object): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(fn, 'name');
  if (descriptor === undefined) return true;
  const { value, enumerable, writable } = descriptor;
  return typeof value === 'string' && enumerable === false && writable === false;
}

function untouched(plan: ClassPlan | undefined, isStatic: boolean): (string | symbol)[] {
  const members = plan?.members ?? [];
  return members
    .filter((one) => one.isUntouched && one.isStatic === isStatic)
    .map(({ key }) => key);
}
