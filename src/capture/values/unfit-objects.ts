import { types } from 'node:util';
import { CREATE_INSIDE } from '../refusal/fixes.ts';
import { refuse } from '../refusal/refusal.ts';
import { subjectOf, type Trail } from '../refusal/trail.ts';
import { classNameOf, isInstance } from './brand.ts';

/** @throws Refusal saying what kind of object it is */
export function refuseObject(value: object, trail: Trail): never {
  const subject = subjectOf(trail);
  if (types.isPromise(value)) {
    refuse(
      `${subject} is a Promise, which cannot travel`,
      'await it first and capture the result',
      trail,
    );
  }
  if (isInstance(value, Buffer)) {
    refuse(
      `${subject} is a Node Buffer; the isolate has no Node API`,
      'capture a plain copy: `new Uint8Array(buffer)`',
      trail,
    );
  }
  const kind = kindOf(value);
  if (kind !== undefined)
    refuse(`${subject} is ${kind}, which cannot travel`, CREATE_INSIDE, trail);
  refuse(`${subject} is an object that cannot be rebuilt`, CREATE_INSIDE, trail);
}

/**
 * An instance is rebuilt from its fields, and private ones cannot be set from outside.
 *
 * @throws Refusal
 */
export function refusePrivate(value: object, names: readonly string[], trail: Trail): never {
  const shown = names.map((name) => `\`${name}\``).join(', ');
  const problem = `${subjectOf(trail)} is an instance of class \`${classNameOf(value)}\` with private members (${shown}), which cannot be rebuilt`;
  refuse(problem, CREATE_INSIDE, trail);
}

function kindOf(value: object): string | undefined {
  if (types.isWeakMap(value)) return 'a WeakMap';
  if (types.isWeakSet(value)) return 'a WeakSet';
  if (types.isGeneratorObject(value)) return 'a running generator';
  if (types.isMapIterator(value) || types.isSetIterator(value)) return 'an iterator';
  if (types.isArgumentsObject(value)) return 'an `arguments` object';
  if (types.isSharedArrayBuffer(value)) return 'a SharedArrayBuffer';
  if (isInstance(value, WeakRef)) return 'a WeakRef';
  if (isInstance(value, FinalizationRegistry)) return 'a FinalizationRegistry';
  return types.isExternal(value) ? 'a native handle' : undefined;
}
