import { isPlainPrototype } from './codec/brand.ts';
import { isCapabilityMember, MAX_CAPABILITY_PATH } from './codec/capability-path.ts';
import type { Capability } from './model/capability.ts';
import type { AnyFunction } from './model/function-type.ts';

/** A function of a capability, and what it is called on. */
export interface CapabilityMember {
  readonly fn: AnyFunction;
  readonly owner: unknown;
}

/**
 * The function at `path`, which may come from a guest: only own members lead there, and no accessors;
 * of an object that says its `methods`, those and nothing else. Undefined if there is none.
 */
export function findMember(
  implementation: unknown,
  path: readonly string[],
  { methods }: Pick<Capability, 'methods'>,
): CapabilityMember | undefined {
  if (path.length > MAX_CAPABILITY_PATH || !path.every(isCapabilityMember)) return undefined;
  if (methods !== undefined) return listedMethod(implementation, path, methods);
  let owner: unknown;
  let value = implementation;
  for (const key of path) {
    owner = value;
    value = ownMember(value, key);
  }
  return typeof value === 'function' ? { fn: value as AnyFunction, owner } : undefined;
}

/** The members of an object that a guest could ask for, with their names. */
export function membersOf(value: object): [string, object][] {
  if (!isOpen(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const member = isCapabilityMember(key) ? ownMember(value, key) : undefined;
    return isOpen(member) ? [[key, member] as [string, object]] : [];
  });
}

/** Whether an object's own members may be asked for: it is plain, or a function. */
export function isOpen(value: unknown): value is object {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return isPlainPrototype(Object.getPrototypeOf(value));
}

function listedMethod(
  implementation: unknown,
  path: readonly string[],
  methods: readonly string[],
): CapabilityMember | undefined {
  const [key = '', ...more] = path;
  if (more.length > 0 || !methods.includes(key)) return undefined;
  const fn: unknown = Reflect.get(Object(implementation), key);
  return typeof fn === 'function' ? { fn: fn as AnyFunction, owner: implementation } : undefined;
}

function ownMember(value: unknown, key: string): unknown {
  if (!isOpen(value)) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
