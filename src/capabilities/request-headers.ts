import { FetchFailure } from './fetch-failure.ts';
import type { FetchRules } from './fetch-rules.ts';
import type { HeaderList } from './wire.ts';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const MAX_HEADER_BYTES = 16 * 1024;

// They belong to the connection: with them one request could be taken for two, or for one to another host.
const OF_CONNECTION = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
// Servers that know them do what they say in place of the method.
const OF_METHOD = new Set(['x-http-method', 'x-http-method-override', 'x-method-override']);

/** The headers of a guest's request, in lower case. @throws FetchFailure for one that may not be sent */
export function checkHeaders(given: unknown, rules: Pick<FetchRules, 'methods'>): HeaderList {
  if (!Array.isArray(given)) throw new FetchFailure('the headers of a request must be a list');
  let bytes = 0;
  return given.map((pair: unknown) => {
    const [name, value] = Array.isArray(pair) && pair.length === 2 ? pair : [];
    if (typeof name !== 'string' || typeof value !== 'string') {
      throw new FetchFailure('a header of a request must be a name and a value');
    }
    bytes += name.length + value.length + 4;
    if (bytes > MAX_HEADER_BYTES) {
      throw new FetchFailure(`the headers of a request are larger than ${MAX_HEADER_BYTES} bytes`);
    }
    return [checkName(name), checkValue(name.toLowerCase(), value, rules.methods)];
  });
}

function checkName(given: string): string {
  // Before it is in lower case: some letters beyond ASCII have theirs within.
  const name = given.toLowerCase();
  if (!NAME.test(given)) {
    throw new FetchFailure(`${JSON.stringify(given.slice(0, 60))} is no name of a header`);
  }
  // Many servers take one for the other.
  const known = name.replaceAll('_', '-');
  if (OF_CONNECTION.has(known) || known.startsWith('proxy-')) {
    throw new FetchFailure(`the header \`${name}\` cannot be set by a function; leave it out`);
  }
  return name;
}

function checkValue(name: string, given: string, methods: readonly string[]): string {
  const value = given.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (!VALUE.test(value)) {
    throw new FetchFailure(
      `the value of the header \`${name}\` has characters that no header can have`,
    );
  }
  if (!OF_METHOD.has(name.replaceAll('_', '-'))) return value;
  const methodsIn = value.split(',').map((method) => method.trim().toUpperCase());
  if (methodsIn.every((method) => methods.includes(method))) return value;
  throw new FetchFailure(
    `the header \`${name}\` asks for a method that fetch may not use here; add it to allowFetch({ methods })`,
  );
}
