import { FetchFailure } from './fetch-failure.ts';
import type { FetchRules } from './fetch-rules.ts';
import { checkHeaders } from './request-headers.ts';
import type { FetchRequest, HeaderList } from './wire.ts';

const MAX_URL = 16 * 1024;
const REDIRECTS = ['follow', 'error', 'manual'] as const;

/** A request that may be sent, or the next one after a redirect. */
export interface CheckedRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array | undefined;
}

/** Reads what a guest sent. @throws FetchFailure for what is no request, and for one that may not be sent */
export function checkRequest(
  given: unknown,
  rules: FetchRules,
): CheckedRequest & Pick<FetchRequest, 'redirect'> {
  const { url: text, method, headers, body, redirect } = Object(given) as Record<string, unknown>;
  if (typeof text !== 'string' || typeof method !== 'string') {
    throw new FetchFailure('the capability `fetch` takes { url, method, headers, body, redirect }');
  }
  const mode = REDIRECTS.find((one) => one === redirect);
  if (mode === undefined) {
    throw new FetchFailure("`redirect` of a request must be 'follow', 'error' or 'manual'");
  }
  const url = text.length > MAX_URL ? null : URL.parse(text);
  if (url === null) {
    throw new FetchFailure(`${JSON.stringify(text.slice(0, 200))} is no URL that can be fetched`);
  }
  checkTarget(url, method.toUpperCase(), rules);
  return {
    url,
    method: method.toUpperCase(),
    headers: checkHeaders(headers, rules),
    body: checkBody(body, method.toUpperCase(), rules),
    redirect: mode,
  };
}

/** Whether a request may go there: the first one and each after a redirect. @throws FetchFailure */
export function checkTarget(url: URL, method: string, { hosts, methods }: FetchRules): void {
  const { protocol, username, password, host } = url;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new FetchFailure(
      `\`${protocol.slice(0, 60)}\` URLs cannot be fetched, only http: and https:`,
    );
  }
  if (username !== '' || password !== '') {
    throw new FetchFailure(
      'a URL with a user name or password cannot be fetched; send an authorization header',
    );
  }
  if (!hosts.lists(url)) {
    throw new FetchFailure(
      `fetch may not reach \`${host.slice(0, 300)}\` here; add it to allowFetch({ hosts })`,
    );
  }
  if (!methods.includes(method)) {
    throw new FetchFailure(
      `fetch may not use the method ${JSON.stringify(method.slice(0, 60))} here; add it to allowFetch({ methods })`,
    );
  }
}

function checkBody(
  body: unknown,
  method: string,
  { maxBytes }: FetchRules,
): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (!(body instanceof Uint8Array)) {
    throw new FetchFailure('the body of a request must be a Uint8Array');
  }
  if (method === 'GET' || method === 'HEAD') {
    throw new FetchFailure(`a ${method} request cannot have a body`);
  }
  if (body.byteLength <= maxBytes) return body;
  throw new FetchFailure(
    `the body of the request is larger than ${maxBytes} bytes; raise maxBytes of allowFetch()`,
  );
}
