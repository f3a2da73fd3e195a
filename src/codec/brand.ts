import { hostBuffer } from './host-buffer.ts';
import {
  ArrayBufferPrototype,
  ArrayBufferPrototypeGetByteLength,
  ArrayIsArray,
  ArrayPrototype,
  DatePrototype,
  DatePrototypeGetTime,
  ErrorIsError,
  MapPrototype,
  MapPrototypeGetSize,
  ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf,
  ObjectHasOwn,
  ObjectPrototype,
  REGEXP_FLAGS,
  SetPrototype,
  SetPrototypeGetSize,
  TypedArrayPrototypeGetName,
} from './primordials.ts';

/** What an object is inside, whatever its prototype says. */
export type Brand = 'Map' | 'Set' | 'Date' | 'ArrayBuffer' | 'Error' | 'TypedArray' | 'none';

/** The brand of an object of any realm; arrays have none. */
export function brandOf(value: object): Brand {
  if (TypedArrayPrototypeGetName(value) !== undefined) return 'TypedArray';
  if (ErrorIsError(value)) return 'Error';
  // The one that its prototype speaks for comes first: each miss costs a throw.
  const prototype = ObjectGetPrototypeOf(value);
  if (prototype === SetPrototype && hasSlot(SetPrototypeGetSize, value)) return 'Set';
  if (prototype === DatePrototype && hasSlot(DatePrototypeGetTime, value)) return 'Date';
  if (prototype === ArrayBufferPrototype && isArrayBuffer(value)) return 'ArrayBuffer';
  if (hasSlot(MapPrototypeGetSize, value)) return 'Map';
  if (hasSlot(SetPrototypeGetSize, value)) return 'Set';
  if (hasSlot(DatePrototypeGetTime, value)) return 'Date';
  return isArrayBuffer(value) ? 'ArrayBuffer' : 'none';
}

/** Whether objects with this prototype are plain, in any realm. */
export function isPlainPrototype(prototype: object | null): boolean {
  if (prototype === ObjectPrototype || prototype === null) return true;
  // Another realm's Object.prototype ends the chain and has this method of its own.
  return ObjectGetPrototypeOf(prototype) === null && ObjectHasOwn(prototype, 'isPrototypeOf');
}

/** Whether an array is of class Array itself, in any realm. */
export function isPlainArray(array: readonly unknown[]): boolean {
  const prototype = ObjectGetPrototypeOf(array);
  if (prototype === ArrayPrototype) return true;
  return ArrayIsArray(prototype) && chainLength(prototype) === 2;
}

/** Whether an object with a brand is of the built-in class itself, in any realm, or a Buffer. */
export function isBuiltIn(value: object, brand: Brand): boolean {
  const prototype = ObjectGetPrototypeOf(value);
  if (prototype === MapPrototype || prototype === SetPrototype) return true;
  if (prototype === DatePrototype || prototype === null) return prototype !== null;
  if (brand !== 'TypedArray') return chainLength(prototype) === 2;
  return prototype === hostBuffer?.prototype || chainLength(prototype) === 3;
}

/** The name of an object's class, or '' where none is to be had without running its code. */
export function classNameOf(value: object): string {
  const prototype = ObjectGetPrototypeOf(value);
  if (prototype === null) return '';
  const made = ownValue(prototype, 'constructor');
  if (typeof made !== 'function') return '';
  const name = ownValue(made, 'name');
  return typeof name === 'string' ? name : '';
}

/** The flags of a regular expression, of which code may have replaced the getter `flags`. */
export function regexpFlags(regexp: object): string {
  let flags = '';
  for (let index = 0; index < REGEXP_FLAGS.length; index += 1) {
    const flag = REGEXP_FLAGS[index];
    if (flag?.isSet(regexp)) flags += flag.letter;
  }
  return flags;
}

/** The value of an own property that is no accessor. */
export function ownValue(object: object, key: string): unknown {
  const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
  if (descriptor === undefined || !ObjectHasOwn(descriptor, 'value')) return undefined;
  return descriptor.value;
}

/** How many objects there are from `prototype` to the end of the chain, as far as 4. */
function chainLength(prototype: object | null): number {
  let length = 0;
  for (let at = prototype; at !== null && length < 4; at = ObjectGetPrototypeOf(at)) length += 1;
  return length;
}

function isArrayBuffer(value: object): boolean {
  return hasSlot(ArrayBufferPrototypeGetByteLength, value);
}

/** Whether a built-in method or accessor takes `value` for its own kind. */
export function hasSlot(access: (self: unknown) => unknown, value: object): boolean {
  try {
    access(value);
    return true;
  } catch {
    return false;
  }
}
