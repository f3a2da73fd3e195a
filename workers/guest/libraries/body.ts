/** Bodies of requests and responses (https://fetch.spec.whatwg.org/#body-mixin), as far as they are whole. */
import { useLibrary } from '../libraries.ts';
import { encodeUtf8 } from './text-encoder.ts';
import { Utf8Decoder } from './utf8-decoder.ts';
import { asInterface } from './web-interface.ts';

/** What a body is made of. */
export interface BodySource {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What Content-Type says of it if nobody says anything else. */
  readonly type: string | undefined;
}

/** The bytes of a request or response; null for none. */
export let bytesOf: (body: Body) => Uint8Array<ArrayBuffer> | null;
/** The same, and nobody can read it after that. */
export let takeBytes: (body: Body) => Uint8Array<ArrayBuffer> | null;

export class Body {
  readonly #bytes: Uint8Array<ArrayBuffer> | null;
  #isUsed = false;

  static {
    bytesOf = (body) => body.#bytes;
    takeBytes = (body) => body.#take();
  }

  constructor(bytes: Uint8Array<ArrayBuffer> | null) {
    this.#bytes = bytes;
  }

  get body(): null {
    if (this.#bytes === null) return null;
    throw new TypeError('there are no streams here; read a body with text(), json() or bytes()');
  }

  get bodyUsed(): boolean {
    return this.#isUsed;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer as ArrayBuffer;
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(this.#take() ?? []);
  }

  async json(): Promise<unknown> {
    return JSON.parse(textOf(this.#take()));
  }

  async text(): Promise<string> {
    return textOf(this.#take());
  }

  async blob(): Promise<never> {
    throw new TypeError('blob() is not there; read a body with text(), json() or bytes()');
  }

  async formData(): Promise<never> {
    throw new TypeError('formData() is not there; read a body with text() and URLSearchParams');
  }

  #take(): Uint8Array<ArrayBuffer> | null {
    if (this.#isUsed) throw new TypeError('the body was read already; clone() before that');
    this.#isUsed = this.#bytes !== null;
    return this.#bytes;
  }
}

asInterface(Body);

function textOf(bytes: Uint8Array | null): string {
  const text = new Utf8Decoder(false).decode(bytes ?? new Uint8Array(), false);
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** https://fetch.spec.whatwg.org/#concept-bodyinit-extract */
export function sourceOf(given: unknown): BodySource {
  if (given instanceof ArrayBuffer) {
    return { bytes: new Uint8Array(given.slice()), type: undefined };
  }
  if (ArrayBuffer.isView(given)) {
    const { buffer, byteOffset, byteLength } = given;
    const bytes = new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
    return { bytes, type: undefined };
  }
  const isForm = typeof given === 'object' && given !== null && isSearchParams(given);
  const type = isForm ? 'application/x-www-form-urlencoded' : 'text/plain';
  return { bytes: encodeUtf8(`${given}`), type: `${type};charset=UTF-8` };
}

function isSearchParams(given: object): boolean {
  return given instanceof (useLibrary('url')['URLSearchParams'] as new () => object);
}
