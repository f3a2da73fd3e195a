import { type CheckedRequest, checkTarget } from './check-request.ts';
import { FetchFailure } from './fetch-failure.ts';
import type { FetchRules } from './fetch-rules.ts';

const REDIRECTS = [301, 302, 303, 307, 308];
const OF_BODY = ['content-encoding', 'content-language', 'content-location', 'content-type'];
// What was meant for one server. The standard names the first; no cookie here comes from a jar.
const OF_SERVER = ['authorization', 'cookie'];

/** Where a response leads, if it is a redirect; `location` as it stands in the header. */
export function redirectTarget(
  { url }: CheckedRequest,
  status: number,
  location: string | undefined,
): URL | undefined {
  if (location === undefined || !REDIRECTS.includes(status)) return undefined;
  // Bytes of a header are not text before somebody says of which encoding; for URLs that is UTF-8.
  const target = URL.parse(Buffer.from(location, 'latin1').toString(), url.href);
  if (target !== null) return target;
  throw new FetchFailure(`\`${url.origin}\` redirects to what is no URL`);
}

/**
 * The request that follows a redirect (https://fetch.spec.whatwg.org/#http-redirect-fetch).
 *
 * @throws FetchFailure for one that may not be sent, or that would leave TLS
 */
export function nextRequest(
  before: CheckedRequest,
  status: number,
  url: URL,
  rules: FetchRules,
): CheckedRequest {
  if (before.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new FetchFailure(
      `\`${before.url.host}\` redirects to a URL without TLS; fetch the https: one`,
    );
  }
  const becomesGet =
    status === 303
      ? before.method !== 'GET' && before.method !== 'HEAD'
      : (status === 301 || status === 302) && before.method === 'POST';
  const method = becomesGet ? 'GET' : before.method;
  checkHop(before.url, url, method, rules);
  const dropped = [
    ...(becomesGet ? OF_BODY : []),
    ...(url.origin === before.url.origin ? [] : OF_SERVER),
  ];
  const headers = before.headers.filter(([name]) => !dropped.includes(name));
  return { url, method, headers, body: becomesGet ? undefined : before.body };
}

function checkHop(from: URL, to: URL, method: string, rules: FetchRules): void {
  try {
    checkTarget(to, method, rules);
  } catch (error) {
    if (!(error instanceof FetchFailure)) throw error;
    throw new FetchFailure(`after a redirect of \`${from.host}\`: ${error.message}`);
  }
}
