import { brandOf } from './brand.ts';
import { brokenFailure, countWritten } from './encode-failure.ts';
import {
  ArrayBufferPrototypeGetByteLength,
  ArrayBufferPrototypeGetDetached,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetName,
  Uint8ArrayConstructor,
} from './primordials.ts';
import { typedArrayIndex } from './typed-arrays.ts';
import { BINARY_WEIGHT, EXT_ARRAY_BUFFER, EXT_TYPED_ARRAY } from './wire.ts';
import { writeBinary, writeExtBytes } from './write-scalar.ts';
import type { Writer } from './writer.ts';

export function encodeArrayBuffer(writer: Writer, buffer: object): void {
  countWritten(writer, BINARY_WEIGHT);
  refuseDetached(writer, buffer);
  const length = ArrayBufferPrototypeGetByteLength(buffer);
  const source = new Uint8ArrayConstructor(buffer as ArrayBuffer, 0, length);
  writeExtBytes(writer, EXT_ARRAY_BUFFER, source, length);
}

/** A Uint8Array is a msgpack bin; the others keep their class. */
export function encodeTypedArray(writer: Writer, array: object): void {
  countWritten(writer, BINARY_WEIGHT);
  const buffer = TypedArrayPrototypeGetBuffer(array);
  if (brandOf(buffer) === 'ArrayBuffer') refuseDetached(writer, buffer);
  const length = TypedArrayPrototypeGetByteLength(array);
  const offset = TypedArrayPrototypeGetByteOffset(array);
  const source = new Uint8ArrayConstructor(buffer, offset, length);
  const name = TypedArrayPrototypeGetName(array) as string;
  if (name === 'Uint8Array') writeBinary(writer, source, length);
  else writeExtBytes(writer, EXT_TYPED_ARRAY + typedArrayIndex(name), source, length);
}

function refuseDetached(writer: Writer, buffer: object): void {
  if (!ArrayBufferPrototypeGetDetached(buffer)) return;
  throw brokenFailure(writer, 'is detached: its buffer was transferred; pass a copy');
}
