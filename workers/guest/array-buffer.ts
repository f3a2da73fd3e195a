/**
 * `ArrayBuffer` as guests have it: buffers of a fixed length. The memory of resizable ones is outside
 * of the heap's limit, so their constructor is kept here and nowhere else.
 */
import { defineOwn } from '../../src/codec/own-property.ts';
import {
  ArrayBufferConstructor,
  ArrayBufferPrototype,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ReflectConstruct,
  ReflectOwnKeys,
} from '../../src/codec/primordials.ts';
import { GUEST_GLOBAL, TypeErrorConstructor } from './guest-primordials.ts';

const RESIZING = ['resize', 'resizable', 'maxByteLength'];

/** Puts the constructor of fixed buffers in the place of V8's own. */
export function furnishArrayBuffer(): void {
  const prototype = ArrayBufferPrototype as Record<string, unknown>;
  for (let i = 0; i < RESIZING.length; i += 1) delete prototype[RESIZING[i] as string];
  const keys = ReflectOwnKeys(ArrayBufferConstructor);
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] as string;
    const descriptor = ObjectGetOwnPropertyDescriptor(ArrayBufferConstructor, key);
    ObjectDefineProperty(FixedArrayBuffer, key, descriptor as PropertyDescriptor);
  }
  defineOwn(prototype, 'constructor', FixedArrayBuffer, false);
  defineOwn(GUEST_GLOBAL, 'ArrayBuffer', FixedArrayBuffer, false);
}

/** The second argument, which asks for a resizable buffer, is not there. */
function FixedArrayBuffer(byteLength: unknown): ArrayBuffer {
  if (new.target === undefined) {
    throw new TypeErrorConstructor("Constructor ArrayBuffer requires 'new'");
  }
  return ReflectConstruct(ArrayBufferConstructor, [byteLength], new.target);
}
