import { globSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openRegistry } from '../../src/registry/open.ts';
import { startProxy, type TcpProxy } from '../redis/servers/proxy.ts';
import { persistent, type RedisServer, startRedis } from '../redis/servers/server.ts';
import type { Cut, Seat, Store, StoreRun, WriterFaults } from './store.ts';
import { LocalSubscriber } from './subscriber.ts';

const SUBSCRIBERS = 3;

/** One server that loses nothing unless it is told to, and a network for each who uses it. */
export async function redisStore(): Promise<Store> {
  await using started = new AsyncDisposableStack();
  const server = started.use(await startRedis({ config: persistent }));
  const writerNetwork = started.use(await startProxy(server));
  const networks: TcpProxy[] = [];
  for (let n = 0; n < SUBSCRIBERS; n++) networks.push(started.use(await startProxy(server)));
  const all = started.move();
  let runs = 0;
  return {
    subscribers: SUBSCRIBERS,
    async begin() {
      runs += 1;
      return beginRun(server, writerNetwork, networks, `run-${runs}`);
    },
    stop: () => all.disposeAsync(),
  };
}

function beginRun(
  server: RedisServer,
  writerNetwork: TcpProxy,
  networks: readonly TcpProxy[],
  namespace: string,
): StoreRun {
  let backups = 0;
  return {
    open: () => openRegistry(server.url, namespace),
    openWriter: () => openRegistry(writerNetwork.url, namespace),
    writerFaults: faultsOf(writerNetwork),
    seats: networks.map((network) => seatAt(network, namespace)),
    async backup() {
      backups += 1;
      const folder = join(server.folder, `backup-${namespace}-${backups}`);
      const data = join(server.folder, 'appendonlydir');
      // What is acknowledged is in the files; half of a command at their end is cut off by the server.
      await cp(data, folder, { recursive: true });
      return async () => {
        await server.kill();
        await rm(data, { recursive: true });
        await cp(folder, data, { recursive: true });
        await server.restart();
      };
    },
    crash: (o) => server.restart(o),
    async end() {
      for (const folder of globSync(`backup-${namespace}-*`, { cwd: server.folder })) {
        await rm(join(server.folder, folder), { recursive: true });
      }
    },
  };
}

function seatAt(network: TcpProxy, namespace: string): Seat {
  return {
    subscriber: new LocalSubscriber(),
    place: { url: network.url, namespace },
    async impair(impairment) {
      if (impairment === 'paused') network.stall();
      else if (impairment === 'cut') network.cut();
      else network.slow({ delayMs: 15, bytesPerSecond: 100_000 });
    },
    heal: () => network.heal(),
  };
}

function faultsOf(network: TcpProxy): WriterFaults {
  return {
    async cutDuring({ direction, after }: Cut, work) {
      let wasCut = false;
      network.cutAfter({ [direction]: after }).then(() => {
        wasCut = true;
      });
      try {
        return { result: await work(), wasCut };
      } finally {
        await network.heal();
      }
    },
    async stallDuring(work) {
      network.stall();
      const working = work();
      // It has been sent by then, and nothing of it arrives.
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      await network.heal();
      return working;
    },
    async slowDuring(work) {
      network.slow({ delayMs: 10, bytesPerSecond: 200_000 });
      try {
        return await work();
      } finally {
        await network.heal();
      }
    },
  };
}
