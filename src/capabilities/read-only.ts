import { isCapabilityMember } from '../codec/capability-path.ts';
import type { AnyFunction } from '../model/function-type.ts';
import { configError, shown } from './config-error.ts';

/** What `readOnly` makes of members `K`: methods as they are, data as functions that give it. */
export type ReadOnly<T, K extends keyof T> = {
  readonly [P in K]: T[P] extends AnyFunction ? T[P] : () => T[P];
};

/**
 * An implementation for `provide()` that has the named members of an object, own or inherited, and
 * nothing else: a method is called on the object, and a property is a function that gives its value at
 * the time of the call. Nothing can be set through it. What the named methods themselves change is
 * theirs: name those that only read.
 *
 * @throws ScatterError `CONFIG_INVALID` for an object that is none, and for names that are not there
 * or that no capability can have
 */
export function readOnly<T extends object, const K extends keyof T & string>(
  object: T,
  names: readonly K[],
): ReadOnly<T, K> {
  if (!isObject(object)) throw configError(`readOnly() takes an object, not ${shown(object)}`);
  if (!Array.isArray(names)) {
    throw configError(`readOnly(object, names) takes a list of names, not ${shown(names)}`);
  }
  const members = names.map((name) => [checkName(object, name), memberOf(object, name)]);
  return Object.freeze(Object.fromEntries(members));
}

function checkName(object: object, name: unknown): string {
  if (typeof name !== 'string') {
    throw configError(
      `${shown(name)} is no name of a member; readOnly() takes names such as 'get'`,
    );
  }
  if (!isCapabilityMember(name)) {
    throw configError(
      `readOnly() cannot expose \`${name}\`: no capability has a member of that name`,
    );
  }
  // What every object has is not what anybody means, and `__defineSetter__` would write.
  if (!(name in object) || (name in Object.prototype && !hasItsOwn(object, name))) {
    throw configError(`readOnly() cannot expose \`${name}\`: the object has no such member`);
  }
  return name;
}

function hasItsOwn(object: object, name: string): boolean {
  return Reflect.get(object, name) !== Reflect.get(Object.prototype, name);
}

// Looked at for each call: getters and methods may change, and what is made here has no state.
function memberOf(object: object, name: string): AnyFunction {
  return (...args) => {
    const member: unknown = Reflect.get(object, name);
    return typeof member === 'function' ? Reflect.apply(member, object, args) : member;
  };
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
