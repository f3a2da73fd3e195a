import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { freePort } from './free-port.ts';
import { type Bytes, openLink, type ProxyLink, type Traffic } from './proxy-link.ts';
import { until } from './until.ts';

/** A network between clients and a server, which fails as the test says. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** How many connections of clients are open. */
  readonly connections: number;
  /** What was forwarded. */
  readonly bytes: Readonly<Bytes>;
  resetBytes(): void;
  /** Where new connections go; those that are open stay. */
  setTarget(port: number): void;
  /** Destroys all open connections. */
  cut(): void;
  /**
   * Forwards that many more bytes, over all connections, then destroys all connections, once.
   * Resolves when that happened; never if heal() or another cutAfter() comes first.
   */
  cutAfter(bytes: Partial<Bytes>): Promise<void>;
  /** Connections stay open, and new ones are accepted, but all that is sent disappears. */
  stall(): void;
  /** Every chunk waits, and takes as long as its bytes need. */
  slow(options: { readonly delayMs?: number; readonly bytesPerSecond?: number }): void;
  /** Destroys all connections; new ones are refused. */
  refuse(): void;
  /** All is normal again. The connections of a stall are destroyed. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

interface State {
  readonly links: Set<ProxyLink>;
  readonly traffic: Traffic;
  target: { host: string; port: number };
}

export async function startProxy(target: { port: number; host?: string }): Promise<TcpProxy> {
  const links = new Set<ProxyLink>();
  const state: State = {
    links,
    traffic: { bytes: { toServer: 0, toClient: 0 }, isStalled: false, cut: () => cutAll(links) },
    target: { host: '127.0.0.1', ...target },
  };
  const listener = listenerFor(state);
  const port = await until('a port for the proxy', async () => {
    const candidate = await freePort();
    return (await listens(listener, candidate)) ? candidate : undefined;
  });
  return proxyAt(port, state, listener);
}

function proxyAt(port: number, { links, traffic, target }: State, listener: Server): TcpProxy {
  const close = async (): Promise<void> => {
    stopListening(listener);
    for (const link of links) link.destroy();
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get connections() {
      return [...links].filter((link) => link.isOpen).length;
    },
    bytes: traffic.bytes,
    resetBytes() {
      traffic.bytes.toServer = traffic.bytes.toClient = 0;
    },
    setTarget(next) {
      target.port = next;
    },
    cut: () => traffic.cut(),
    cutAfter: (bytes) => cutAfter(traffic, bytes),
    stall() {
      traffic.isStalled = true;
    },
    slow(slowness) {
      traffic.slowness = slowness;
    },
    refuse() {
      stopListening(listener);
      traffic.cut();
    },
    async heal() {
      if (traffic.isStalled) traffic.cut();
      traffic.isStalled = false;
      traffic.budget = traffic.slowness = undefined;
      if (listener.listening) return;
      await until(`port ${port} again`, async () => (await listens(listener, port)) || undefined);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listenerFor({ links, traffic, target }: State): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const link = openLink(client, target, traffic, () => links.delete(link));
    links.add(link);
  });
}

async function listens(listener: Server, port: number): Promise<boolean> {
  try {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    // A forgotten proxy does not keep the process alive.
    listener.unref();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** Its 'close' event would wait for the connections; new ones are refused at once. */
function stopListening(listener: Server): void {
  if (listener.listening) listener.close();
}

function cutAll(links: ReadonlySet<ProxyLink>): void {
  for (const link of links) link.sever();
}

function cutAfter(traffic: Traffic, { toServer, toClient }: Partial<Bytes>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const left = { toServer: toServer ?? Infinity, toClient: toClient ?? Infinity };
  traffic.budget = { left, onSpent: resolve };
  if (left.toServer > 0 && left.toClient > 0) return promise;
  traffic.budget = undefined;
  traffic.cut();
  return Promise.resolve();
}
