import { startProxy, type TcpProxy } from './proxy.ts';
import { type RedisServer, startRedis } from './server.ts';
import { until } from './until.ts';

const NAME = 'scatter-main';

export interface SentinelGroup extends AsyncDisposable {
  readonly name: typeof NAME;
  /** What began as the master; it stays this one after a failover. */
  readonly master: RedisServer;
  readonly replica: RedisServer;
  readonly sentinel: RedisServer;
  /** From now on the replica receives nothing, though it and the master believe that it does. */
  isolateReplica(): void;
  /** Makes the replica the master; resolves when it is. */
  failover(options?: FailoverOptions): Promise<void>;
  stop(): Promise<void>;
}

interface FailoverOptions {
  /** Without what the master wrote after isolateReplica(); else the replica gets all of it first. */
  readonly lose?: boolean;
  /** The master is told to give way and becomes a replica; else it is killed. */
  readonly keepMaster?: boolean;
}

/** One master with a replica, and the sentinel that watches both. */
export async function startSentinelGroup(): Promise<SentinelGroup> {
  await using started = new AsyncDisposableStack();
  const master = started.use(await startRedis({ config: REPLICATION }));
  const link = started.use(await startProxy(master));
  const replica = started.use(await startReplica(link));
  await until('a replica in sync', () => isInSync(master));
  // It asks the master for its replicas when it starts, and then only every ten seconds.
  const sentinel = started.use(await startSentinel(master));
  await until('a sentinel that knows the replica', () => knows(sentinel, replica));
  const all = started.move();
  const stop = (): Promise<void> => all.disposeAsync();
  return {
    name: NAME,
    master,
    replica,
    sentinel,
    isolateReplica: () => link.stall(),
    failover: (options) => failover({ master, replica, sentinel }, options),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** No waiting before a synchronization, and none that gives up an isolated replica. */
const REPLICATION = { 'repl-diskless-sync-delay': '0', 'repl-timeout': '3600' };

/** Replicates over the link, but tells others its own address. */
async function startReplica(link: TcpProxy): Promise<RedisServer> {
  const replica = await startRedis({ config: { ...REPLICATION, 'replica-announce-ip': HOST } });
  await replica.command('CONFIG', 'SET', 'replica-announce-port', String(replica.port));
  await replica.command('REPLICAOF', HOST, String(link.port));
  // Some seconds later the sentinel would correct what it takes for a wrong master, and so undo an
  // isolation.
  await replica.command('ACL', 'SETUSER', 'default', '-replicaof', '-slaveof');
  await replica.command('CONFIG', 'REWRITE');
  return replica;
}

const HOST = '127.0.0.1';

function startSentinel(master: RedisServer): Promise<RedisServer> {
  const config = {
    'sentinel monitor': `${NAME} ${HOST} ${master.port} 1`,
    'sentinel down-after-milliseconds': `${NAME} 500`,
    'sentinel failover-timeout': `${NAME} 2000`,
  };
  return startRedis({ sentinel: true, config });
}

async function isInSync(master: RedisServer): Promise<true | undefined> {
  const info = String(await master.command('INFO', 'replication'));
  const replica = /^slave0:.*state=online,offset=(\d+)/m.exec(info);
  const offset = /^master_repl_offset:(\d+)/m.exec(info);
  return (replica && replica[1] === offset?.[1]) || undefined;
}

async function knows(sentinel: RedisServer, replica: RedisServer): Promise<true | undefined> {
  const replicas = await sentinel.command('SENTINEL', 'REPLICAS', NAME);
  if (!Array.isArray(replicas)) throw new Error(`no list of replicas: ${replicas}`);
  const known: unknown = replicas[0];
  if (!Array.isArray(known)) return undefined;
  const fieldOf = (name: string): unknown => known[known.indexOf(name) + 1];
  const isUsable = fieldOf('flags') === 'slave' && fieldOf('master-link-status') === 'ok';
  return (isUsable && fieldOf('port') === String(replica.port)) || undefined;
}

async function failover(
  { master, replica, sentinel }: Pick<SentinelGroup, 'master' | 'replica' | 'sentinel'>,
  { lose = false, keepMaster = false }: FailoverOptions = {},
): Promise<void> {
  if (!lose) await until('the writes of the master in the replica', () => isInSync(master));
  await replica.command('ACL', 'SETUSER', 'default', '+replicaof', '+slaveof');
  if (keepMaster) await sentinel.command('SENTINEL', 'FAILOVER', NAME);
  else await master.kill();
  await until('a promoted replica', async () => {
    const address = await sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
    const [role] = await roleOf(replica);
    return (String(address) === `${HOST},${replica.port}` && role === 'master') || undefined;
  });
  if (!keepMaster) return;
  // The sentinel does the same, but ten seconds later.
  await master.command('REPLICAOF', HOST, String(replica.port));
  await until('a demoted master', () => isReplicaOf(master, replica));
}

async function isReplicaOf(server: RedisServer, master: RedisServer): Promise<true | undefined> {
  const [role, , port, state] = await roleOf(server);
  return (role === 'slave' && port === master.port && state === 'connected') || undefined;
}

async function roleOf(server: RedisServer): Promise<unknown[]> {
  try {
    return [await server.command('ROLE')].flat();
  } catch {
    // A sentinel cuts the connections of the servers that it changes.
    return [];
  }
}
