import { types } from 'node:util';
import { refuse } from '../refusal/refusal.ts';
import { subjectOf, type Trail } from '../refusal/trail.ts';
import { brandOf, classNameOf, isInstance, isPrototypeOfClass } from './brand.ts';
import { primitiveText, stringText } from './literal.ts';
import { prototypesOf } from './prototypes.ts';
import { refuseObject } from './unfit-objects.ts';

export type Shape =
  | { readonly type: 'plain' | 'map' | 'set' }
  /** The exports of a module, and its path where that is known. */
  | { readonly type: 'namespace'; readonly module: string | undefined }
  | { readonly type: 'array'; readonly length: number }
  /** A new object of this constructor on the buffer that is its only part. */
  | {
      readonly type: 'view';
      readonly constructorName: string;
      /** What of the buffer it shows; undefined: all of it. */
      readonly window: { readonly offset: number; readonly length: number } | undefined;
    }
  | { readonly type: 'text'; readonly text: string };

/** An object opened up: how to make it, and what to fill it with. */
export interface OpenObject {
  readonly shape: Shape;
  /** Whether its prototype is the one that `shape` gives it. */
  readonly hasUsualPrototype: boolean;
  /** Own keys that come with the shape. */
  readonly implicit: readonly PropertyKey[];
  readonly parts: readonly (readonly unknown[])[];
}

/**
 * Takes apart an object that is known to be no proxy.
 *
 * @throws Refusal if it cannot be rebuilt
 */
export function openObject(value: object, trail: Trail): OpenObject {
  if (types.isModuleNamespaceObject(value)) {
    const implicit = [Symbol.toStringTag];
    return {
      shape: { type: 'namespace', module: undefined },
      hasUsualPrototype: true,
      implicit,
      parts: [],
    };
  }
  if (isInstance(value, Buffer)) refuseObject(value, trail);
  const brand = brandOf(value);
  if (brand === undefined) refuseObject(value, trail);
  const shape = shapeOf(value, brand, trail);
  const hasUsualPrototype = isPrototypeOfClass(brand, Object.getPrototypeOf(value));
  return { shape, hasUsualPrototype, implicit: implicitKeys(value, brand), parts: partsOf(value) };
}

function shapeOf(value: object, brand: string, trail: Trail): Shape {
  switch (brand) {
    case 'Object':
      return { type: 'plain' };
    case 'Array':
      return { type: 'array', length: (value as unknown[]).length };
    case 'Map':
      return { type: 'map' };
    case 'Set':
      return { type: 'set' };
    case 'Date':
      return text(`new Date(${primitiveText(Date.prototype.getTime.call(value))})`);
    case 'RegExp':
      return text(regExpText(value as RegExp));
    case 'ArrayBuffer':
      return text(bufferText(value as ArrayBuffer, trail));
    case 'Error':
      return text(errorText(value as Error));
    case 'Number':
    case 'String':
    case 'Boolean':
    case 'BigInt':
    case 'Symbol':
      return text(boxText(value, trail));
    default:
      return viewShape(value as ArrayBufferView, brand, trail);
  }
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

// The frames of a stack are places of this program, which must not be told; its first line may.
function errorText(value: Error): string {
  const name = plainText(value, 'name') ?? classNameOf(value);
  const message = plainText(value, 'message') ?? '';
  const stack = stringText(message === '' ? name : `${name}: ${message}`);
  return `Object.defineProperty(new Error(), "stack", { value: ${stack}, writable: true, configurable: true })`;
}

/** A data property that is a string, inherited or not; no getter runs. */
function plainText(value: object, key: string): string | undefined {
  for (const owner of [value, ...prototypesOf(value)]) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    if (descriptor === undefined) continue;
    return typeof descriptor.value === 'string' ? descriptor.value : undefined;
  }
  return undefined;
}

function boxText(value: object, trail: Trail): string {
  if (types.isSymbolObject(value)) {
    refuse(`${subjectOf(trail)} is a boxed symbol`, 'capture the symbol itself', trail);
  }
  const primitive: unknown = unboxed(value);
  return `Object(${primitiveText(primitive as Parameters<typeof primitiveText>[0])})`;
}

function unboxed(value: object): unknown {
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value);
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  return BigInt.prototype.valueOf.call(value as unknown as bigint);
}

function viewShape(view: ArrayBufferView, constructorName: string, trail: Trail): Shape {
  if (types.isSharedArrayBuffer(view.buffer)) refuseObject(view.buffer, trail);
  const isWhole = view.byteLength === view.buffer.byteLength;
  const length = types.isDataView(view) ? view.byteLength : (view as Uint8Array).length;
  if (!isWhole && view.buffer.byteLength === Buffer.poolSize) {
    const problem = `${subjectOf(trail)} shows a part of the memory that Node's Buffers share, and the rest would travel too`;
    refuse(problem, 'capture a copy: `view.slice()`', trail);
  }
  const window = isWhole ? undefined : { offset: view.byteOffset, length };
  return { type: 'view', constructorName, window };
}

function implicitKeys(value: object, brand: string): readonly PropertyKey[] {
  if (brand === 'Array') return isLengthFixed(value) ? [] : ['length'];
  if (brand === 'RegExp') return ['lastIndex'];
  if (brand === 'Error') return ['stack'];
  if (brand !== 'String') return [];
  return ['length', ...Object.keys(Object.getOwnPropertyDescriptors(String(unboxed(value))))];
}

function partsOf(value: object): readonly (readonly unknown[])[] {
  if (types.isMap(value)) return [...Map.prototype.entries.call(value)];
  if (types.isSet(value)) return Array.from(Set.prototype.values.call(value), (item) => [item]);
  return ArrayBuffer.isView(value) ? [[value.buffer]] : [];
}

/** Freezing fixes it as well. */
function isLengthFixed(value: object): boolean {
  const isWritable = Object.getOwnPropertyDescriptor(value, 'length')?.writable === true;
  return !isWritable && !Object.isFrozen(value);
}
