/** TextDecoder of the Encoding Standard (https://encoding.spec.whatwg.org/#interface-textdecoder), for UTF-8. */
import {
  ArrayBufferPrototypeGetByteLength,
  DataViewPrototypeGetBuffer,
  DataViewPrototypeGetByteLength,
  DataViewPrototypeGetByteOffset,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetName,
  Uint8ArrayConstructor,
} from '../../../src/codec/primordials.ts';
import { Utf8Decoder } from './utf8-decoder.ts';
import { asInterface } from './web-interface.ts';

const LABELS = [
  'unicode-1-1-utf-8',
  'unicode11utf8',
  'unicode20utf8',
  'utf-8',
  'utf8',
  'x-unicode20utf8',
];

export class TextDecoder {
  readonly #fatal: boolean;
  readonly #ignoreBOM: boolean;
  #decoder: Utf8Decoder;
  #atStart = true;

  constructor(label: unknown = 'utf-8', options: unknown = {}) {
    const name = `${label}`.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase();
    if (!LABELS.includes(name)) {
      throw new RangeError(`the "${name}" encoding is not supported: only utf-8 is`);
    }
    this.#fatal = optionOf(options, 'fatal');
    this.#ignoreBOM = optionOf(options, 'ignoreBOM');
    this.#decoder = new Utf8Decoder(this.#fatal);
  }

  get encoding(): string {
    return 'utf-8';
  }

  get fatal(): boolean {
    return this.#fatal;
  }

  get ignoreBOM(): boolean {
    return this.#ignoreBOM;
  }

  decode(input?: unknown, options: unknown = {}): string {
    const bytes = input === undefined ? new Uint8ArrayConstructor(0) : bytesOf(input);
    const more = optionOf(options, 'stream');
    try {
      return this.#withoutBom(this.#decoder.decode(bytes, more));
    } finally {
      if (!more) {
        this.#decoder = new Utf8Decoder(this.#fatal);
        this.#atStart = true;
      }
    }
  }

  /** A byte order mark that begins the stream is no part of its text. */
  #withoutBom(text: string): string {
    if (text === '' || !this.#atStart) return text;
    this.#atStart = false;
    return !this.#ignoreBOM && text[0] === '\ufeff' ? text.slice(1) : text;
  }
}

asInterface(TextDecoder);

function optionOf(options: unknown, name: string): boolean {
  if (options === undefined || options === null) return false;
  if (typeof options !== 'object' && typeof options !== 'function') {
    throw new TypeError('the options of a TextDecoder are an object');
  }
  return Boolean((options as Record<string, unknown>)[name]);
}

/** A view of the bytes of a buffer, a typed array or a DataView. */
function bytesOf(input: unknown): Uint8Array {
  if (TypedArrayPrototypeGetName(input) !== undefined) {
    const offset = TypedArrayPrototypeGetByteOffset(input);
    const length = TypedArrayPrototypeGetByteLength(input);
    return new Uint8ArrayConstructor(TypedArrayPrototypeGetBuffer(input), offset, length);
  }
  try {
    return ArrayBuffer.isView(input)
      ? new Uint8ArrayConstructor(
          DataViewPrototypeGetBuffer(input),
          DataViewPrototypeGetByteOffset(input),
          DataViewPrototypeGetByteLength(input),
        )
      : new Uint8ArrayConstructor(
          input as ArrayBuffer,
          0,
          ArrayBufferPrototypeGetByteLength(input),
        );
  } catch (cause) {
    throw new TypeError('decode needs a buffer or a view of one', { cause });
  }
}
