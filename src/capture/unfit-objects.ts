import { types } from 'node:util';
import { refuse } from './refusal.ts';
import { subjectOf, type Trail } from './trail.ts';

const CREATE_INSIDE = 'create it inside the function, or pass it as a capability';

/** @throws ScatterError `CAPTURE_UNSUPPORTED` saying what kind of object it is */
export function refuseObject(value: object, trail: Trail): never {
  const subject = subjectOf(trail);
  if (types.isPromise(value)) {
    refuse(
      `${subject} is a Promise, which cannot travel`,
      'await it first and capture the result',
      trail,
    );
  }
  if (Buffer.isBuffer(value)) {
    refuse(
      `${subject} is a Node Buffer; the isolate has no Node API`,
      'capture a plain copy: `new Uint8Array(buffer)`',
      trail,
    );
  }
  const kind = kindOf(value);
  if (kind !== undefined)
    refuse(`${subject} is ${kind}, which cannot travel`, CREATE_INSIDE, trail);
  refuse(
    `${subject} is an instance of class \`${classNameOf(value)}\`; instances are not supported yet`,
    'create it inside the function, capture a plain object, or pass it as a capability',
    trail,
  );
}

function kindOf(value: object): string | undefined {
  if (types.isNativeError(value)) return 'an Error';
  if (types.isWeakMap(value)) return 'a WeakMap';
  if (types.isWeakSet(value)) return 'a WeakSet';
  if (types.isGeneratorObject(value)) return 'a running generator';
  if (types.isMapIterator(value) || types.isSetIterator(value)) return 'an iterator';
  if (types.isArgumentsObject(value)) return 'an `arguments` object';
  if (types.isSharedArrayBuffer(value)) return 'a SharedArrayBuffer';
  if (types.isBoxedPrimitive(value)) return 'a boxed primitive';
  return types.isExternal(value) ? 'a native handle' : undefined;
}

function classNameOf(value: object): string {
  for (
    let prototype: object | null = Object.getPrototypeOf(value);
    prototype !== null && !types.isProxy(prototype);
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const owner: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    if (typeof owner === 'function' && !types.isProxy(owner)) return owner.name || 'anonymous';
  }
  return 'anonymous';
}
