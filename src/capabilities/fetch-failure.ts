/**
 * Why a request was refused or failed, in words that a guest may hear: no address that a name resolved
 * to and no text of the system is in them. Its `cause` stays in this program.
 */
export class FetchFailure extends TypeError {}

/** What to tell of whatever a request failed with. */
export function fetchFailure(error: unknown, url: URL): FetchFailure {
  if (error instanceof FetchFailure) return error;
  return new FetchFailure(`fetch of \`${url.origin}\` failed: ${wordsFor(error)}`, {
    cause: error,
  });
}

function wordsFor(error: unknown): string {
  const { name, code, cause } = Object(error) as Record<'name' | 'code' | 'cause', unknown>;
  if (name === 'HTTPParserError') return WORDS.protocol;
  if (typeof code !== 'string') return cause === undefined ? WORDS.none : wordsFor(cause);
  if (/^(ENOTFOUND|EAI_)/.test(code)) return WORDS.name;
  if (/^(UND_ERR_CONNECT_TIMEOUT|ECONNREFUSED|E(HOST|NET)(UNREACH|DOWN)|ETIMEDOUT)$/.test(code)) {
    return WORDS.reach;
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return WORDS.protocol;
  if (/CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|SIGNATURE|_ISSUER/.test(code)) return WORDS.trust;
  if (/^(Z_|ERR_(_?ZLIB|BROTLI|ZSTD)|ERR_BUFFER|ERR__ERROR|ZSTD_)/.test(code)) return WORDS.coding;
  return WORDS.cut;
}

const WORDS = {
  none: 'something went wrong',
  name: 'there is no host of that name',
  reach: 'it cannot be reached',
  protocol: 'it does not answer with HTTP',
  trust: 'no trusted TLS connection could be made',
  coding: 'the body is not what its Content-Encoding says',
  cut: 'the connection was cut off',
};
