import { types } from 'node:util';
import { brandOf, isPrototypeOfClass } from './brand.ts';
import { isObject } from './is-object.ts';

/** A value that would travel as plain data. */
export function isData(value: unknown): boolean {
  if (typeof value === 'function') return false;
  if (!isObject(value)) return true;
  if (types.isProxy(value)) return false;
  const brand = brandOf(value);
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || (brand !== undefined && isPrototypeOfClass(brand, prototype));
}
