/** TextEncoder of the Encoding Standard (https://encoding.spec.whatwg.org/#interface-textencoder). */
import {
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeGetName,
  Uint8ArrayConstructor,
} from '../../../src/codec/primordials.ts';
import { utf8Length, writeUtf8 } from '../../../src/codec/utf8.ts';
import { asInterface } from './web-interface.ts';

export class TextEncoder {
  get encoding(): string {
    return 'utf-8';
  }

  encode(input: unknown = ''): Uint8Array {
    return encodeUtf8(`${input}`);
  }

  encodeInto(source: unknown, destination: Uint8Array): { read: number; written: number } {
    const text = `${source}`;
    if (TypedArrayPrototypeGetName(destination) !== 'Uint8Array') {
      throw new TypeError('encodeInto needs a Uint8Array to write to');
    }
    const room = TypedArrayPrototypeGetLength(destination);
    const read = fittingLength(text, room);
    const fitting = text.slice(0, read).toWellFormed();
    writeUtf8(destination, 0, fitting);
    return { read, written: utf8Length(fitting) };
  }
}

/** UTF-8; half a surrogate pair becomes U+FFFD. */
export function encodeUtf8(input: string): Uint8Array<ArrayBuffer> {
  const length = utf8Length(input);
  const text = length < 0 ? input.toWellFormed() : input;
  const bytes = new Uint8ArrayConstructor(length < 0 ? utf8Length(text) : length);
  writeUtf8(bytes, 0, text);
  return bytes;
}

/** How much of `text`, in whole characters, is at most `room` bytes. */
function fittingLength(text: string, room: number): number {
  let read = 0;
  let bytes = 0;
  while (read < text.length) {
    const code = text.codePointAt(read) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > room) break;
    read += code < 0x10000 ? 1 : 2;
  }
  return read;
}

asInterface(TextEncoder);
