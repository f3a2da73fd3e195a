import { types } from 'node:util';
import type { Integrity, Property, Shape } from './graph.ts';
import { primitiveText, stringText } from './literal.ts';
import { refuse } from './refusal.ts';
import { subjectOf, type Trail } from './trail.ts';
import { refuseObject } from './unfit-objects.ts';

/** An object opened up: what to make, and what to fill it with. */
export interface OpenObject {
  readonly shape: Shape;
  readonly properties: readonly Property<unknown>[];
  readonly parts: readonly (readonly unknown[])[];
  readonly integrity: Integrity | undefined;
}

/**
 * Takes apart an object that is known to be no proxy.
 *
 * @throws ScatterError `CAPTURE_UNSUPPORTED` if it cannot be rebuilt
 */
export function openObject(value: object, trail: Trail): OpenObject {
  const shape = shapeOf(value, trail);
  const isNamespace = shape.type === 'namespace';
  return {
    shape,
    properties: ownProperties(value, trail, implicitKeys(value)),
    parts: partsOf(value),
    integrity: isNamespace ? undefined : integrityOf(value),
  };
}

export function integrityOf(value: object): Integrity | undefined {
  if (Object.isExtensible(value)) return undefined;
  if (Object.isFrozen(value)) return 'freeze';
  return Object.isSealed(value) ? 'seal' : 'preventExtensions';
}

/** Own properties to set, in order; those that cannot be set alike are refused by name. */
export function ownProperties(
  value: object,
  trail: Trail,
  implicit: readonly PropertyKey[],
): Property<unknown>[] {
  const skipsElements = ArrayBuffer.isView(value);
  return Reflect.ownKeys(value)
    .filter((key) => !implicit.includes(key))
    .filter((key) => !(skipsElements && typeof key === 'string' && /^\d+$/.test(key)))
    .map((key) => ownProperty(value, key, trail));
}

function ownProperty(value: object, key: PropertyKey, trail: Trail): Property<unknown> {
  if (typeof key !== 'string') {
    const problem = `${subjectOf(trail)} has the symbol key ${String(key)}, which cannot travel`;
    refuse(problem, 'use a string as the key', trail);
  }
  const at: Trail = { kind: 'property', text: accessText(value, key), before: trail };
  const descriptor = describeProperty(value, key, at);
  if (!('value' in descriptor)) {
    const fix = 'copy what it gives into an ordinary property, or make it a method';
    refuse(`${subjectOf(at)} is a getter or setter, which cannot travel`, fix, at);
  }
  if (descriptor.enumerable !== true) {
    refuse(`${subjectOf(at)} is hidden (not enumerable)`, 'make it an ordinary property', at);
  }
  return { key, value: descriptor.value };
}

function describeProperty(value: object, key: string, at: Trail): PropertyDescriptor {
  try {
    return Object.getOwnPropertyDescriptor(value, key) ?? {};
  } catch (cause) {
    // An export of a module that has not run yet.
    const fix = 'create the tracked function after that module has run';
    refuse(`${subjectOf(at)} is not yet initialised`, fix, at, cause);
  }
}

/** How the author would write the access to a property. */
export function accessText(owner: object, key: string): string {
  if (Array.isArray(owner) && /^\d+$/.test(key)) return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${stringText(key)}]`;
}

function shapeOf(value: object, trail: Trail): Shape {
  if (types.isModuleNamespaceObject(value)) return { type: 'namespace' };
  const prototype: object | null = Object.getPrototypeOf(value);
  const className = brandOf(value);
  if (prototype === null && className === 'Object') return { type: 'bare' };
  if (className === undefined || !isPrototypeOfClass(className, prototype))
    refuseObject(value, trail);
  switch (className) {
    case 'Object':
      return { type: 'plain' };
    case 'Array':
      return { type: 'array', length: (value as unknown[]).length };
    case 'Map':
      return { type: 'map' };
    case 'Set':
      return { type: 'set' };
    default:
      return opaqueShape(value, className, trail);
  }
}

function opaqueShape(value: object, className: string, trail: Trail): Shape {
  if (types.isDate(value))
    return text(`new Date(${primitiveText(Date.prototype.getTime.call(value))})`);
  if (types.isRegExp(value)) return text(regExpText(value));
  if (types.isArrayBuffer(value)) return text(bufferText(value, trail));
  const view = value as ArrayBufferView;
  if (types.isSharedArrayBuffer(view.buffer)) refuseObject(view.buffer, trail);
  if (view.byteLength !== view.buffer.byteLength) {
    const problem = `${subjectOf(trail)} shows only a part of its buffer, and the rest would travel too`;
    refuse(problem, 'capture a copy: `view.slice()`', trail);
  }
  return { type: 'view', constructorName: className };
}

function text(expression: string): Shape {
  return { type: 'text', text: expression };
}

function regExpText(value: RegExp): string {
  const made = `new RegExp(${stringText(value.source)}, ${stringText(value.flags)})`;
  const { lastIndex } = value;
  return lastIndex === 0 ? made : `Object.assign(${made}, { lastIndex: ${lastIndex} })`;
}

function bufferText(value: ArrayBuffer, trail: Trail): string {
  if (value.resizable) refuse(`${subjectOf(trail)} is resizable`, 'capture a fixed copy', trail);
  const bytes = new Uint8Array(value);
  if (bytes.every((byte) => byte === 0)) return `new ArrayBuffer(${bytes.length})`;
  return `new Uint8Array([${bytes.join()}]).buffer`;
}

/** The built-in class a value belongs to by its internals, whatever its prototype says. */
function brandOf(value: object): string | undefined {
  if (Array.isArray(value)) return 'Array';
  if (types.isMap(value)) return 'Map';
  if (types.isSet(value)) return 'Set';
  if (types.isDate(value)) return 'Date';
  if (types.isRegExp(value)) return 'RegExp';
  if (types.isArrayBuffer(value)) return 'ArrayBuffer';
  if (types.isDataView(value)) return 'DataView';
  if (types.isTypedArray(value)) return value[Symbol.toStringTag];
  return isUnbranded(value) ? 'Object' : undefined;
}

function isUnbranded(value: object): boolean {
  const hasBrand =
    types.isNativeError(value) || types.isBoxedPrimitive(value) || types.isArgumentsObject(value);
  return !hasBrand && !types.isExternal(value);
}

/** Also true for the class of the same name in another realm, such as a `node:vm` context. */
function isPrototypeOfClass(className: string, prototype: object | null): boolean {
  // Nearly every object is one of these, and needs no longer look.
  if (prototype === Object.prototype) return className === 'Object';
  if (prototype === null || types.isProxy(prototype)) return false;
  const owner: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof owner !== 'function' || types.isProxy(owner)) return false;
  const isItsPrototype = Object.getOwnPropertyDescriptor(owner, 'prototype')?.value === prototype;
  const text = Function.prototype.toString.call(owner);
  return isItsPrototype && text === `function ${className}() { [native code] }`;
}

function implicitKeys(value: object): readonly PropertyKey[] {
  if (Array.isArray(value)) return ['length'];
  if (types.isModuleNamespaceObject(value)) return [Symbol.toStringTag];
  return types.isRegExp(value) ? ['lastIndex'] : [];
}

function partsOf(value: object): readonly (readonly unknown[])[] {
  if (types.isMap(value)) return [...Map.prototype.entries.call(value)];
  if (types.isSet(value)) return Array.from(Set.prototype.values.call(value), (item) => [item]);
  return ArrayBuffer.isView(value) ? [[value.buffer]] : [];
}
