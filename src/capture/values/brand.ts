import { types } from 'node:util';
import { nameOfFunction, textOfFunction } from './live-function.ts';
import { constructorOf, prototypesOf, saidMaker } from './prototypes.ts';

/** The built-in class a value belongs to by its internals, whatever its prototype says. */
export function brandOf(value: object): string | undefined {
  if (Array.isArray(value)) return 'Array';
  if (types.isMap(value)) return 'Map';
  if (types.isSet(value)) return 'Set';
  if (types.isDate(value)) return 'Date';
  if (types.isRegExp(value)) return 'RegExp';
  if (types.isArrayBuffer(value)) return 'ArrayBuffer';
  if (types.isDataView(value)) return 'DataView';
  if (types.isTypedArray(value)) return value[Symbol.toStringTag];
  if (types.isNativeError(value)) return 'Error';
  if (types.isNumberObject(value)) return 'Number';
  if (types.isStringObject(value)) return 'String';
  if (types.isBooleanObject(value)) return 'Boolean';
  if (types.isBigIntObject(value)) return 'BigInt';
  if (types.isSymbolObject(value)) return 'Symbol';
  return isUnbranded(value) ? 'Object' : undefined;
}

function isUnbranded(value: object): boolean {
  const hasBrand =
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isGeneratorObject(value) ||
    types.isMapIterator(value) ||
    types.isSetIterator(value) ||
    types.isArgumentsObject(value) ||
    types.isSharedArrayBuffer(value) ||
    types.isExternal(value);
  return !hasBrand && !isInstance(value, WeakRef) && !isInstance(value, FinalizationRegistry);
}

/** As `instanceof`, which would run the traps of a prototype that is a proxy. */
export function isInstance(value: object, { prototype }: { readonly prototype: object }): boolean {
  // Every plain object comes by here, and a generator would make capturing data slower by a tenth.
  let parent: object | null = Object.getPrototypeOf(value);
  while (parent !== null && parent !== prototype && !types.isProxy(parent)) {
    parent = Object.getPrototypeOf(parent);
  }
  return parent === prototype;
}

/** Also true for the class of the same name in another realm, such as a `node:vm` context. */
export function isPrototypeOfClass(className: string, prototype: object | null): boolean {
  // Nearly every object is one of these, and needs no longer look.
  if (prototype === Object.prototype) return className === 'Object';
  if (prototype === null || types.isProxy(prototype)) return false;
  const owner = constructorOf(prototype);
  return (
    owner !== undefined && textOfFunction(owner) === `function ${className}() { [native code] }`
  );
}

/** The nearest class that an object says it is of; for messages only. */
export function classNameOf(value: object): string {
  for (const prototype of prototypesOf(value)) {
    const maker = saidMaker(prototype);
    if (maker !== undefined) return nameOfFunction(maker) || 'anonymous';
  }
  return 'anonymous';
}
