/** The function of the Fetch Standard (https://fetch.spec.whatwg.org/#fetch-method), by way of the host. */
import { requestFetch } from '../web-fetch.ts';
import { takeBytes } from './body.ts';
import { Headers } from './headers.ts';
import { Request, type Signal, signalOf } from './request.ts';
import { newResponse, type Response } from './response.ts';

/** See `src/capabilities/wire.ts`; what a program provides itself may leave out what has a default. */
interface Answer {
  readonly url?: string;
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly redirected?: boolean;
}

export async function fetch(input: unknown, init?: unknown): Promise<Response> {
  const request = new Request(input, init);
  const signal = signalOf(request);
  if (signal?.aborted) throw signal.reason;
  const body = takeBytes(request);
  const { url, method, redirect } = request;
  const sent = { url, method, headers: [...request.headers], redirect };
  const answered = requestFetch(body === null ? sent : { ...sent, body });
  return toResponse(await untilAborted(answered, signal), request);
}

/** Nobody waits any longer when the signal aborts. The host goes on until it has an answer. */
async function untilAborted(
  answered: Promise<unknown>,
  signal: Signal | undefined,
): Promise<Answer> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    const answer = await Promise.race([answered.catch(asTypeError), aborted]);
    return Object(answer) as Answer;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** Whatever went wrong on the way, `fetch` rejects with a TypeError. */
function asTypeError(error: unknown): never {
  if (error instanceof TypeError) throw error;
  const { message, code } = Object(error) as { message?: unknown; code?: unknown };
  throw Object.assign(new TypeError(`${message}`, { cause: error }), { code });
}

function toResponse(answer: Answer, request: Request): Response {
  const { url, status = 200, statusText = '', headers = [], body, redirected = false } = answer;
  const parts = { type: 'basic', url: url ?? request.url, redirected, status, statusText };
  const isEmpty = request.method === 'HEAD' || status === 204 || status === 205 || status === 304;
  const bytes = isEmpty || body === undefined ? null : body;
  return newResponse({ ...parts, headers: new Headers(headers) }, bytes);
}
