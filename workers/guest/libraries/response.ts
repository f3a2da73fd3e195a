/** Response of the Fetch Standard (https://fetch.spec.whatwg.org/#response-class). */
import { useLibrary } from '../libraries.ts';
import { Body, bytesOf, sourceOf } from './body.ts';
import { byteString, Headers } from './headers.ts';
import { encodeUtf8 } from './text-encoder.ts';
import { asInterface } from './web-interface.ts';

/** What a response is, beside its body. */
export interface ResponseParts {
  readonly type: string;
  readonly url: string;
  readonly redirected: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
}

interface Init {
  readonly status?: unknown;
  readonly statusText?: unknown;
  readonly headers?: unknown;
}

const WITHOUT_BODY = [101, 103, 204, 205, 304];
const REDIRECTS = [301, 302, 303, 307, 308];
/** In place of a body: the parts come from us, with a body that is read. */
const MADE_HERE = Symbol('made here');

/** Makes a response of any kind. */
export let newResponse: (parts: ResponseParts, bytes: Uint8Array<ArrayBuffer> | null) => Response;

export class Response extends Body {
  readonly #parts: ResponseParts;

  static {
    newResponse = (parts, bytes) => new Response(MADE_HERE, { parts, bytes } as Init);
  }

  constructor(body: unknown = null, init: Init = {}) {
    if (body === MADE_HERE) {
      const { parts, bytes } = init as { parts: ResponseParts; bytes: Uint8Array<ArrayBuffer> };
      super(bytes);
      this.#parts = parts;
      return;
    }
    const source = body === null ? undefined : sourceOf(body);
    const parts = partsOf(Object(init));
    if (source !== undefined && WITHOUT_BODY.includes(parts.status)) {
      throw new TypeError(`a response with status ${parts.status} has no body`);
    }
    if (source?.type !== undefined && !parts.headers.has('content-type')) {
      parts.headers.set('content-type', source.type);
    }
    super(source?.bytes ?? null);
    this.#parts = parts;
  }

  static error(): Response {
    const headers = new Headers();
    return newResponse({ ...DEFAULT_PARTS, type: 'error', status: 0, headers }, null);
  }

  static json(data: unknown, init: Init = {}): Response {
    const text: string | undefined = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Response.json() was given what is not JSON');
    const parts = partsOf(Object(init));
    if (WITHOUT_BODY.includes(parts.status)) {
      throw new TypeError(`a response with status ${parts.status} has no body`);
    }
    if (!parts.headers.has('content-type')) parts.headers.set('content-type', 'application/json');
    return newResponse(parts, encodeUtf8(text));
  }

  static redirect(url: unknown, status: unknown = 302): Response {
    const { URL } = useLibrary('url') as { URL: typeof globalThis.URL };
    const target = URL.parse(`${url}`);
    if (target === null) throw new TypeError(`Failed to parse URL from ${url}`);
    const code = Number(status);
    if (!REDIRECTS.includes(code)) throw new RangeError(`${code} is no status of a redirect`);
    const headers = new Headers([['location', target.href]]);
    return newResponse({ ...DEFAULT_PARTS, status: code, headers }, null);
  }

  get type(): string {
    return this.#parts.type;
  }

  get url(): string {
    return this.#parts.url;
  }

  get redirected(): boolean {
    return this.#parts.redirected;
  }

  get status(): number {
    return this.#parts.status;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  get statusText(): string {
    return this.#parts.statusText;
  }

  get headers(): Headers {
    return this.#parts.headers;
  }

  clone(): Response {
    if (this.bodyUsed) throw new TypeError('a response whose body was read cannot be cloned');
    return newResponse({ ...this.#parts, headers: new Headers(this.headers) }, bytesOf(this));
  }
}

asInterface(Response);
for (const name of ['error', 'json', 'redirect']) {
  Object.defineProperty(Response, name, { enumerable: true });
}

const DEFAULT_PARTS = { type: 'default', url: '', redirected: false, status: 200, statusText: '' };

function partsOf({ status = 200, statusText = '', headers }: Init): ResponseParts {
  const code = Math.trunc(Number(status));
  if (!(code >= 200 && code <= 599)) {
    throw new RangeError('the status of a response must be from 200 to 599');
  }
  const phrase = byteString(statusText);
  if (/[^\t\x20-\x7e\x80-\xff]/.test(phrase)) throw new TypeError('Invalid statusText');
  return { ...DEFAULT_PARTS, status: code, statusText: phrase, headers: new Headers(headers) };
}
