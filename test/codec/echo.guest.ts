import { decodeValue } from '../../src/codec/decode.ts';
import { encodeInto, encodeValue } from '../../src/codec/encode.ts';
import {
  TypedArrayPrototypeGetBuffer,
  Uint8ArrayConstructor,
} from '../../src/codec/primordials.ts';

const ECHO_OPTIONS = { root: 'result', maxBytes: 64 * 1024 * 1024 };

/** Decodes a value and encodes it again, both in the isolate. */
export function echo(input: ArrayBuffer, length: number): ArrayBuffer {
  const value = decodeValue(new Uint8ArrayConstructor(input, 0, length), 0, length);
  const room = new Uint8ArrayConstructor(length + 16);
  const end = encodeInto(room, 0, value, ECHO_OPTIONS);
  if (end === length) return TypedArrayPrototypeGetBuffer(room);
  return TypedArrayPrototypeGetBuffer(encodeValue('the encodings differ', ECHO_OPTIONS));
}
