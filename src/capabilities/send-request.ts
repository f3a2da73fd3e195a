import type { Agent, Dispatcher } from 'undici';
import { type CheckedRequest, checkRequest } from './check-request.ts';
import { FetchFailure, fetchFailure } from './fetch-failure.ts';
import type { FetchRules } from './fetch-rules.ts';
import { nextRequest, redirectTarget } from './next-request.ts';
import { ACCEPTED_CODINGS, readBody } from './read-body.ts';
import type { FetchAnswer, HeaderList } from './wire.ts';

const MAX_REDIRECTS = 5;
// What is left of the body of a redirect is read if it is short, so that the connection can be used on.
const REDIRECT_BODY_BYTES = 16 * 1024;
const NO_BODY = [204, 205, 304];

const DEFAULT_HEADERS: HeaderList = [
  ['accept', '*/*'],
  ['accept-encoding', ACCEPTED_CODINGS],
  ['user-agent', 'scatter-fn'],
];

interface Received {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  readonly body: Dispatcher.ResponseData['body'];
}

/** Does what a guest asked for, redirects included. @throws FetchFailure */
export async function sendRequest(
  given: unknown,
  rules: FetchRules,
  agent: Agent,
  signal: AbortSignal,
): Promise<FetchAnswer> {
  const { redirect, ...first } = checkRequest(given, rules);
  let request: CheckedRequest = first;
  for (let redirects = 0; ; redirects += 1) {
    const response = await receive(request, agent, signal);
    const target = redirectTarget(request, response.status, headerOf(response, 'location'));
    if (target === undefined || redirect === 'manual') {
      const body = await bodyOf(request, response, rules.maxBytes);
      return answer(request, response, body, redirects > 0);
    }
    if (redirect === 'error') {
      throw new FetchFailure(`\`${request.url.host}\` redirects, and \`redirect\` is 'error'`);
    }
    if (redirects === MAX_REDIRECTS) {
      throw new FetchFailure(
        `\`${first.url.host}\` leads to more than ${MAX_REDIRECTS} redirects in a row`,
      );
    }
    const next = nextRequest(request, response.status, target, rules);
    await response.body.dump({ limit: REDIRECT_BODY_BYTES, signal });
    request = next;
  }
}

async function receive(
  { url, method, headers, body }: CheckedRequest,
  agent: Agent,
  signal: AbortSignal,
): Promise<Received> {
  const named = new Set(headers.map(([name]) => name));
  const all = [...DEFAULT_HEADERS.filter(([name]) => !named.has(name)), ...headers];
  try {
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: method as Dispatcher.HttpMethod,
      headers: all.flat(),
      body: body ?? null,
      responseHeaders: 'raw',
      signal,
    });
    return {
      status: response.statusCode,
      statusText: response.statusText,
      headers: pairsOf(response.headers as unknown as readonly string[]),
      body: response.body,
    };
  } catch (error) {
    throw fetchFailure(error, url);
  }
}

/** `responseHeaders: 'raw'` gives names and values by turns, which the types do not say. */
function pairsOf(raw: readonly string[]): HeaderList {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ''] as const] : [],
  );
}

function headerOf({ headers }: Received, name: string): string | undefined {
  return headers.find(([other]) => other === name)?.[1];
}

async function bodyOf(
  { url, method }: CheckedRequest,
  response: Received,
  maxBytes: number,
): Promise<Uint8Array> {
  const isEmpty = method === 'HEAD' || NO_BODY.includes(response.status);
  const codings = response.headers.filter(([name]) => name === 'content-encoding');
  const encoding = isEmpty ? '' : codings.map(([, value]) => value).join(',');
  try {
    return await readBody(response.body, encoding, maxBytes);
  } catch (error) {
    throw fetchFailure(error, url);
  }
}

function answer(
  { url }: CheckedRequest,
  { status, statusText, headers }: Received,
  body: Uint8Array,
  redirected: boolean,
): FetchAnswer {
  const [withoutFragment = ''] = url.href.split('#');
  return { url: withoutFragment, status, statusText, headers, body, redirected };
}
