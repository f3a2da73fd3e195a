import {
  ArrayFrom,
  ArrayPrototypeToSpliced,
  ObjectDefineProperty,
  ObjectPrototype,
} from './primordials.ts';

const TEMPLATE_LENGTH = 4096;
const TEMPLATE = ArrayFrom({ length: TEMPLATE_LENGTH });

/**
 * An array of `length` own elements. Assigning to them never reaches a setter on `Array.prototype`,
 * as assigning behind the end or into a hole of an array does.
 */
export function newArray(length: number): unknown[] {
  switch (length) {
    case 0:
      return [];
    case 1:
      return [undefined];
    case 2:
      return [undefined, undefined];
    case 3:
      return [undefined, undefined, undefined];
    case 4:
      return [undefined, undefined, undefined, undefined];
  }
  return length <= TEMPLATE_LENGTH
    ? ArrayPrototypeToSpliced(TEMPLATE, length, TEMPLATE_LENGTH)
    : ArrayFrom({ __proto__: null, length } as { readonly length: number });
}

/** Gives a fresh `{}` a property of its own, whatever Object.prototype has under that key. */
export function setFresh(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key in ObjectPrototype) defineOwn(target, key, value, true);
  else target[key] = value;
}

/** Creates or replaces an own property; setters on prototypes are not asked. */
export function defineOwn(
  target: object,
  key: PropertyKey,
  value: unknown,
  enumerable: boolean,
): void {
  const descriptor = { __proto__: null, value, writable: true, enumerable, configurable: true };
  ObjectDefineProperty(target, key, descriptor);
}
