import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rawClient } from './servers/raw-client.ts';
import { type RedisServer, type ServerOptions, startRedis } from './servers/server.ts';
import { until } from './servers/until.ts';
import { PASSWORD, type Told } from './told.ts';

/** A way in which a server does not do what it is asked, and what is told about it. */
export interface Refusal extends Told {
  readonly title: string;
  readonly config?: ServerOptions['config'];
  /** Put before the host. @default '' */
  readonly user?: string;
  /** Makes the server refuse; once called, `heal` must make it do everything again. */
  readonly arrange: (server: RedisServer) => Promise<{ heal(): Promise<unknown> }>;
  /** Whether reading is refused, too. */
  readonly reading?: true;
}

export const INVALID = { code: 'SCATTER_ERR_CONFIG_INVALID', retryable: false } as const;
const FULL = { code: 'SCATTER_ERR_REGISTRY_FULL', retryable: false } as const;
const UNREACHABLE = { code: 'SCATTER_ERR_REGISTRY_UNREACHABLE', retryable: true } as const;
const READONLY = { code: 'SCATTER_ERR_REGISTRY_READONLY', retryable: false } as const;

export const REFUSALS: readonly Refusal[] = [
  {
    title: 'wants a password',
    config: { requirepass: PASSWORD },
    arrange: async (server) => ({ heal: () => set(server, 'requirepass', '') }),
    reading: true,
    ...INVALID,
    says: /NOAUTH Authentication required; .*write redis:\/\/user:password@host/,
  },
  {
    title: 'has another password',
    config: { requirepass: 'other' },
    user: `:${PASSWORD}@`,
    arrange: async (server) => ({ heal: () => set(server, 'requirepass', PASSWORD) }),
    reading: true,
    ...INVALID,
    says: /WRONGPASS .*percent-encode/,
  },
  {
    title: 'does not let the user run a command',
    user: `limited:${PASSWORD}@`,
    arrange: async (server) => {
      await server.command('ACL', 'SETUSER', 'limited', 'on', `>${PASSWORD}`, '~*', '+ping');
      return { heal: () => server.command('ACL', 'SETUSER', 'limited', '+@all') };
    },
    reading: true,
    ...READONLY,
    says: /NOPERM .*docs\/redis\.md has the ACL rules/,
  },
  {
    title: 'does not let the user at the keys',
    user: `limited:${PASSWORD}@`,
    arrange: async (server) => {
      await server.command('ACL', 'SETUSER', 'limited', 'on', `>${PASSWORD}`, '+@all');
      return { heal: () => server.command('ACL', 'SETUSER', 'limited', '~*') };
    },
    reading: true,
    ...READONLY,
    says: /NOPERM .*docs\/redis\.md has the ACL rules/,
  },
  {
    title: 'is a replica',
    arrange: async (server) => {
      const master = await startRedis();
      await server.command('REPLICAOF', '127.0.0.1', String(master.port));
      await until('a synchronized replica', async () => {
        const info = String(await server.command('INFO', 'replication'));
        return info.includes('master_link_status:up') || undefined;
      });
      const heal = () => server.command('REPLICAOF', 'NO', 'ONE').then(() => master.stop());
      return { heal };
    },
    ...READONLY,
    says: /READONLY .*; nothing was written; .*connect to its master or by sentinel/,
  },
  {
    title: 'is out of memory',
    arrange: async (server) => {
      await set(server, 'maxmemory', '1mb');
      return { heal: () => set(server, 'maxmemory', '0') };
    },
    ...FULL,
    says: /OOM .*; nothing was written; raise maxmemory/,
  },
  {
    title: 'cannot save to its disk',
    config: { save: '3600 1000', dbfilename: 'dump.rdb' },
    arrange: async (server) => {
      const inTheWay = join(server.folder, 'dump.rdb');
      await mkdir(inTheWay);
      await save(server, 'err');
      return { heal: () => rmdir(inTheWay).then(() => save(server, 'ok')) };
    },
    ...FULL,
    says: /MISCONF .*unable to persist to disk; nothing was written; /,
  },
  {
    title: 'has too few replicas',
    arrange: async (server) => {
      await set(server, 'min-replicas-to-write', '1');
      return { heal: () => set(server, 'min-replicas-to-write', '0') };
    },
    ...UNREACHABLE,
    says: /NOREPLICAS .*; nothing was written; bring its replicas back/,
  },
  {
    title: 'is still reading its data',
    config: { 'loading-process-events-interval-bytes': '1024' },
    arrange: async (server) => {
      await server.command('DEBUG', 'POPULATE', '3000', 'filling', '100');
      await server.command('SAVE');
      await set(server, 'key-load-delay', '10000');
      await server.command('CONFIG', 'REWRITE');
      const restarted = server.restart();
      await until('a server that loads', async () => {
        return (await answerOf(server, 'PING').catch(String)).startsWith('-LOADING') || undefined;
      });
      const heal = async () => {
        await answerOf(server, 'CONFIG SET key-load-delay 0');
        await restarted;
      };
      return { heal };
    },
    reading: true,
    ...UNREACHABLE,
    says: /LOADING .*; try again when it has read its data/,
  },
  {
    title: 'is kept busy by a script',
    config: { 'lua-time-limit': '1' },
    arrange: async (server) => {
      const { socket: busy } = await rawClient(server.port);
      busy.write('EVAL "while true do end" 0\r\n');
      await until('a busy server', async () => {
        return (await answerOf(server, 'PING')).startsWith('-BUSY') || undefined;
      });
      const heal = async () => {
        await answerOf(server, 'SCRIPT KILL');
        busy.destroy();
      };
      return { heal };
    },
    reading: true,
    ...UNREACHABLE,
    says: /BUSY .*; find out whose script/,
  },
  {
    title: 'has no room for one more client',
    arrange: async (server) => {
      // The connection of the test is the one.
      await set(server, 'maxclients', '1');
      return { heal: () => set(server, 'maxclients', '100') };
    },
    reading: true,
    ...UNREACHABLE,
    // The server may be gone before its answer was read.
    says: /max number of clients reached; .*raise maxclients|it hung up; .*maxclients/,
  },
];

export function set(server: RedisServer, name: string, value: string): Promise<unknown> {
  return server.command('CONFIG', 'SET', name, value);
}

async function save(server: RedisServer, outcome: 'ok' | 'err'): Promise<void> {
  await server.command('BGSAVE');
  await until(`a save that ends with ${outcome}`, async () => {
    const info = String(await server.command('INFO', 'persistence'));
    return info.includes(`rdb_last_bgsave_status:${outcome}`) || undefined;
  });
}

/** Of a server that would let a client wait until it is ready. */
async function answerOf({ port }: RedisServer, command: string): Promise<string> {
  const { socket, received, closed } = await rawClient(port);
  socket.end(`${command}\r\n`);
  await closed;
  return received();
}
