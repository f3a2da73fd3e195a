import {
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteOffset,
  Uint8ArrayConstructor,
} from './primordials.ts';
import { TYPED_ARRAY_NAMES } from './wire.ts';

type TypedArrayConstructor = new (buffer: ArrayBuffer, offset: number, length?: number) => object;

// In the order of TYPED_ARRAY_NAMES. A runtime without Float16Array has undefined in its place.
const CONSTRUCTORS: readonly (TypedArrayConstructor | undefined)[] = [
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  typeof Float16Array === 'function' ? Float16Array : undefined,
];

/** The place of a typed array's class in the encoding, -1 for a name that is none. */
export function typedArrayIndex(name: string): number {
  for (let index = 0; index < TYPED_ARRAY_NAMES.length; index += 1) {
    if (TYPED_ARRAY_NAMES[index] === name) return index;
  }
  return -1;
}

/** A typed array on `buffer`, undefined where the runtime lacks the class. */
export function newTypedArray(
  index: number,
  buffer: ArrayBuffer,
  offset = 0,
  length?: number,
): object | undefined {
  const construct = CONSTRUCTORS[index];
  return construct === undefined ? undefined : new construct(buffer, offset, length);
}

/** A view of part of `bytes`. Unlike `subarray` it asks for no species. */
export function viewOf<B extends ArrayBufferLike>(
  bytes: Uint8Array<B>,
  start: number,
  length: number,
): Uint8Array<B> {
  const offset = TypedArrayPrototypeGetByteOffset(bytes) + start;
  return new Uint8ArrayConstructor(TypedArrayPrototypeGetBuffer(bytes) as B, offset, length);
}
