import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after } from 'node:test';
import { type AllowFetchOptions, allowFetchWith } from '../../src/capabilities/allow-fetch.ts';
import type { Resolve } from '../../src/capabilities/guarded-agent.ts';
import type { FetchAnswer, FetchRequest } from '../../src/capabilities/wire.ts';
import { capability, withCapabilities } from '../../src/index.ts';

/** A server of this machine. */
export interface Site {
  readonly server: Server;
  readonly port: number;
  /** As `hosts` lists it. */
  readonly host: string;
  readonly url: string;
  /** How many connections it has had. */
  readonly connections: number;
  /** Method, path and headers of the requests so far. */
  readonly seen: readonly { method: string; url: string; headers: Record<string, unknown> }[];
}

/** Starts a server that is closed after the tests of the file. */
export async function startSite(listener: RequestListener, server?: Server): Promise<Site> {
  const seen: Site['seen'][number][] = [];
  const site = server ?? createServer();
  const sockets = new Set<Socket>();
  site.on('connection', (socket: Socket) => sockets.add(socket));
  site.on('request', (request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers });
    listener(request, response);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  after(() => {
    site.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = site.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  const scheme = 'setSecureContext' in site ? 'https' : 'http';
  return {
    server: site,
    port,
    host,
    url: `${scheme}://${host}`,
    seen,
    get connections() {
      return sockets.size;
    },
  };
}

const token = capability<(request: FetchRequest) => Promise<FetchAnswer>>('fetch');

export type Asked = Partial<FetchRequest> & { readonly url: string };

/** Calls what `allowFetch` gives, as the host does for a guest. */
export function fetchWith(
  options: AllowFetchOptions,
  resolve?: Resolve,
): (asked: Asked) => Promise<FetchAnswer> {
  const given = allowFetchWith(options, resolve);
  return (asked) =>
    withCapabilities([given], () =>
      token({ method: 'GET', headers: [], redirect: 'follow', ...asked }),
    );
}

/** Resolves names as a table says: to one address always, or to the next one each time. */
export function resolving(table: Record<string, string | readonly string[]>): Resolve & {
  readonly asked: string[];
} {
  const asked: string[] = [];
  const resolve: Resolve = (hostname, _options, callback) => {
    const found = table[hostname];
    const count = asked.filter((one) => one === hostname).length;
    asked.push(hostname);
    const address = typeof found === 'string' ? found : found?.[Math.min(count, found.length - 1)];
    if (address === undefined) {
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
      return;
    }
    const addresses = address.split(' ').map((one) => {
      return { address: one, family: one.includes(':') ? 6 : 4 };
    });
    setImmediate(callback, null, addresses);
  };
  return Object.assign(resolve, { asked });
}

export function textOf({ body }: FetchAnswer): string {
  return Buffer.from(body).toString();
}
