import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction, Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { FetchFailure } from './fetch-failure.ts';
import type { FetchRules } from './fetch-rules.ts';
import { defaultPort, type HostRules } from './host-rules.ts';

/** Finds all addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

type Connector = ReturnType<typeof buildConnector>;

const KEEP_ALIVE_MS = 4000;
// Hosts of a wildcard or a range can be as many as their owner likes.
const MAX_CONNECTIONS = 32;

/**
 * The connections of one `allowFetch()`, which idle ones share and nobody else. A connection is made only to an
 * address that the rules permit: they are asked about what a name resolved to, and nothing is resolved
 * again after that.
 */
export function guardedAgent({ hosts, timeoutMs }: FetchRules, resolve: Resolve = lookup): Agent {
  return new Agent({
    connect: guardedConnector(hosts, timeoutMs, resolve),
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Whatever the server offers.
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connections: MAX_CONNECTIONS,
    // One deadline stands over all of a request.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

function guardedConnector(hosts: HostRules, timeout: number, resolve: Resolve): Connector {
  // By port: what a name may lead to depends on it, and a lookup is not told. There are few, as only
  // listed ones come here.
  const connectors = new Map<number, Connector>();
  const connectorFor = (port: number): Connector => {
    const known = connectors.get(port);
    if (known !== undefined) return known;
    const made = buildConnector({
      allowH2: false,
      timeout,
      // Whatever the environment says.
      rejectUnauthorized: true,
      lookup: guardedLookup(hosts, port, resolve),
    });
    connectors.set(port, made);
    return made;
  };
  return (options, callback) => {
    const port = options.port === '' ? defaultPort(options.protocol) : Number(options.port);
    // An address is connected to without a lookup.
    if (isIP(options.hostname) !== 0 && !hosts.permits(options.hostname, port)) {
      return callback(notPermitted(), null);
    }
    const socket: unknown = connectorFor(port)(options, callback);
    // Whoever waits for the answer has a timer; nobody waits for an attempt that was given up.
    if (socket instanceof Socket) socket.unref();
  };
}

function guardedLookup(hosts: HostRules, port: number, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const permitted = found.filter(({ address }) => hosts.permits(address, port));
      const [first] = permitted;
      if (first === undefined) return callback(notPermitted(), '', 0);
      if (options.all) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}

function notPermitted(): FetchFailure {
  return new FetchFailure(
    'the host leads to an address that is not public; to permit that, add the address, or a range with it, ' +
      'to allowFetch({ hosts })',
  );
}
