/** Request of the Fetch Standard (https://fetch.spec.whatwg.org/#request-class). */
import { useLibrary } from '../libraries.ts';
import { Body, bytesOf, sourceOf, takeBytes } from './body.ts';
import { byteString, Headers } from './headers.ts';
import { asInterface } from './web-interface.ts';

type Init = Readonly<Record<string, unknown>>;

/** What `fetch` asks of an AbortSignal. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

const UPPER_CASE = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];
const FORBIDDEN = ['CONNECT', 'TRACE', 'TRACK'];
const REDIRECT_MODES = ['follow', 'error', 'manual'];
/** What says how browsers treat a request, and nothing here; with the standard's defaults. */
const FOR_BROWSERS: Init = {
  cache: 'default',
  credentials: 'same-origin',
  destination: '',
  duplex: 'half',
  integrity: '',
  keepalive: false,
  mode: 'cors',
  referrer: 'about:client',
  referrerPolicy: '',
};

/** The signal that aborts a request, if somebody gave one. */
export let signalOf: (request: Request) => Signal | undefined;

export class Request extends Body {
  readonly #url: string;
  readonly #method: string;
  readonly #headers: Headers;
  readonly #redirect: string;
  readonly #options: Init;
  readonly #given: Signal | undefined;
  #signal: unknown;

  static {
    signalOf = (request) => request.#given;
  }

  constructor(input: unknown, init: unknown = {}) {
    const options = Object(init) as Init;
    const from = isRequest(input) ? input : undefined;
    const url = from?.url ?? parseUrl(input);
    const method = checkMethod(options['method'] ?? from?.method ?? 'GET');
    const source = isThere(options['body']) ? sourceOf(options['body']) : undefined;
    const kept = from === undefined ? null : bytesOf(from);
    if ((source !== undefined || kept !== null) && /^(GET|HEAD)$/.test(method)) {
      throw new TypeError(`a ${method} request cannot have a body`);
    }
    const inherited = source === undefined && from !== undefined ? takeBytes(from) : null;
    super(source?.bytes ?? inherited);
    this.#url = url;
    this.#method = method;
    const headers = options['headers'];
    this.#headers = new Headers(headers === undefined ? from?.headers : headers);
    if (source?.type !== undefined && !this.#headers.has('content-type')) {
      this.#headers.set('content-type', source.type);
    }
    this.#redirect = oneOf(REDIRECT_MODES, 'redirect', options['redirect'] ?? from?.redirect);
    const ofInput = from === undefined ? undefined : from.#given;
    this.#given = options['signal'] === undefined ? ofInput : checkSignal(options['signal']);
    this.#options = {
      ...(from === undefined ? FOR_BROWSERS : from.#options),
      ...forBrowsers(options),
    };
  }

  get method(): string {
    return this.#method;
  }

  get url(): string {
    return this.#url;
  }

  get headers(): Headers {
    return this.#headers;
  }

  get redirect(): string {
    return this.#redirect;
  }

  get signal(): unknown {
    this.#signal ??= followingSignal(this.#given);
    return this.#signal;
  }

  clone(): Request {
    if (this.bodyUsed) throw new TypeError('a request whose body was read cannot be cloned');
    const init = { method: this.method, headers: this.headers, redirect: this.redirect };
    return new Request(this.url, {
      ...this.#options,
      ...init,
      body: bytesOf(this),
      signal: this.#given,
    });
  }

  static {
    for (const name of Object.keys(FOR_BROWSERS)) {
      const get = function (this: Request): unknown {
        return this.#options[name];
      };
      Object.defineProperty(Request.prototype, name, { get, configurable: true });
    }
  }
}

asInterface(Request);

function isRequest(value: unknown): value is Request {
  return value instanceof Request;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function parseUrl(input: unknown): string {
  const { URL } = useLibrary('url') as { URL: typeof globalThis.URL };
  const url = URL.parse(`${input}`);
  if (url === null) throw new TypeError(`Failed to parse URL from ${input}`);
  if (url.username === '' && url.password === '') return url.href;
  throw new TypeError('a URL with a user name or password cannot be fetched');
}

function checkMethod(given: unknown): string {
  const method = byteString(given);
  const upper = method.toUpperCase();
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method) || FORBIDDEN.includes(upper)) {
    throw new TypeError(`${JSON.stringify(method)} is no method that can be used`);
  }
  return UPPER_CASE.includes(upper) ? upper : method;
}

function oneOf(known: readonly string[], option: string, given: unknown = known[0]): string {
  const value = `${given}`;
  if (known.includes(value)) return value;
  throw new TypeError(`\`${option}\` must be one of ${known.join(', ')}`);
}

interface Events {
  readonly AbortSignal: { new (): Signal; any(signals: readonly unknown[]): unknown };
}

function checkSignal(given: unknown): Signal | undefined {
  if (given === null) return undefined;
  const { AbortSignal } = useLibrary('events') as unknown as Events;
  if (given instanceof AbortSignal) return given;
  throw new TypeError('`signal` must be an AbortSignal');
}

function followingSignal(given: Signal | undefined): unknown {
  const { AbortSignal } = useLibrary('events') as unknown as Events;
  return AbortSignal.any(given === undefined ? [] : [given]);
}

function forBrowsers(options: Init): Init {
  const given = Object.keys(FOR_BROWSERS).filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}
