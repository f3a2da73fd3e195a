import { types } from 'node:util';
import { refuse } from '../refusal/refusal.ts';
import { stepInto, subjectOf, type Trail } from '../refusal/trail.ts';
import { stringText } from './literal.ts';
import { isNativeText, textOfFunction } from './live-function.ts';

export interface PropertyFlags {
  readonly writable: boolean;
  readonly enumerable: boolean;
  readonly configurable: boolean;
}

export type Integrity = 'freeze' | 'seal' | 'preventExtensions';

/** An own property before what it holds was followed. */
export interface OpenProperty {
  readonly key: string | symbol;
  readonly content: { readonly value: unknown } | { readonly get: unknown; readonly set: unknown };
  readonly flags: PropertyFlags | undefined;
  readonly trail: Trail;
}

/**
 * Own properties in order, but for those of `implicit`. Nothing of the object runs.
 *
 * @throws Refusal for an export of a module that has not run yet
 */
export function openProperties(
  value: object,
  trail: Trail,
  implicit: readonly PropertyKey[],
): OpenProperty[] {
  const skipsElements = ArrayBuffer.isView(value);
  return Reflect.ownKeys(value)
    .filter((key) => !implicit.includes(key))
    .filter((key) => !(skipsElements && typeof key === 'string' && /^\d+$/.test(key)))
    .filter((key) => !isRecordedStack(value, key))
    .map((key) => openProperty(value, key, trail));
}

/** What `Error.captureStackTrace` puts on an object: places of this program, which must not be told. */
function isRecordedStack(owner: object, key: string | symbol): boolean {
  if (key !== 'stack' || types.isModuleNamespaceObject(owner)) return false;
  const getter = Object.getOwnPropertyDescriptor(owner, key)?.get;
  return getter !== undefined && isNativeText(textOfFunction(getter));
}

function openProperty(owner: object, key: string | symbol, before: Trail): OpenProperty {
  const trail = stepInto(before, accessText(owner, key));
  const descriptor = describeProperty(owner, key, trail);
  const flags = flagsOf(descriptor);
  if (!('value' in descriptor)) {
    return { key, content: { get: descriptor.get, set: descriptor.set }, flags, trail };
  }
  return { key, content: { value: descriptor.value }, flags, trail };
}

function describeProperty(owner: object, key: string | symbol, trail: Trail): PropertyDescriptor {
  try {
    return Object.getOwnPropertyDescriptor(owner, key) ?? {};
  } catch (cause) {
    // An export of a module that has not run yet.
    const fix = 'create the tracked function after that module has run';
    refuse(`${subjectOf(trail)} is not yet initialised`, fix, trail, cause);
  }
}

/** Undefined if they are those of an ordinary assignment. */
export function flagsOf(descriptor: PropertyDescriptor): PropertyFlags | undefined {
  const isAccessor = !('value' in descriptor);
  const writable = isAccessor || descriptor.writable === true;
  const enumerable = descriptor.enumerable === true;
  const configurable = descriptor.configurable === true;
  if (writable && enumerable && configurable) return undefined;
  return { writable, enumerable, configurable };
}

/** Freezing sets flags, too; those that it will set again need not be written. */
export function integrityOf(value: object): Integrity | undefined {
  if (Object.isExtensible(value) || types.isModuleNamespaceObject(value)) return undefined;
  if (Object.isFrozen(value)) return 'freeze';
  return Object.isSealed(value) ? 'seal' : 'preventExtensions';
}

/** How the author would write the access to a property. */
export function accessText(owner: object, key: string | symbol): string {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  if (Array.isArray(owner) && /^\d+$/.test(key)) return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${stringText(key)}]`;
}
