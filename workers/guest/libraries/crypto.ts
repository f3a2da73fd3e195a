/** What guests have of Web Cryptography (https://w3c.github.io/webcrypto/#Crypto-interface). */
import {
  StringPrototypeSlice,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetName,
  Uint8ArrayConstructor,
} from '../../../src/codec/primordials.ts';
import { newDOMException } from '../dom-error.ts';
import { fillRandom } from './random-bytes.ts';

const QUOTA = 65_536;
const UUID_BYTES = 16;

export const crypto = { getRandomValues, randomUUID };

/** Fills a typed array of integers with random ones, and returns it. */
function getRandomValues<T>(array: T): T {
  const name = TypedArrayPrototypeGetName(array);
  if (name === undefined || isFloat(name)) {
    throw newDOMException('only typed arrays of integers can be filled', 'TypeMismatchError');
  }
  const length = TypedArrayPrototypeGetByteLength(array);
  if (length > QUOTA) {
    const message = `${length} bytes are more than the ${QUOTA} that are given at once`;
    throw newDOMException(message, 'QuotaExceededError');
  }
  const buffer = TypedArrayPrototypeGetBuffer(array);
  const offset = TypedArrayPrototypeGetByteOffset(array);
  fillRandom(new Uint8ArrayConstructor(buffer, offset, length), length);
  return array;
}

function isFloat(name: string): boolean {
  return name === 'Float16Array' || name === 'Float32Array' || name === 'Float64Array';
}

/** A UUID of version 4 (RFC 9562). */
function randomUUID(): string {
  const bytes = new Uint8ArrayConstructor(UUID_BYTES);
  fillRandom(bytes, UUID_BYTES);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  let text = '';
  for (let i = 0; i < UUID_BYTES; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += hexDigit((bytes[i] as number) >> 4) + hexDigit((bytes[i] as number) & 15);
  }
  return text;
}

function hexDigit(value: number): string {
  return StringPrototypeSlice('0123456789abcdef', value, value + 1);
}
