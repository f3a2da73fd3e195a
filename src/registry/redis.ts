/** The registry in Redis, for programs on any number of machines. The only file that knows ioredis. */
import { TLSSocket } from 'node:tls';
import { type RedisOptions as AllClientOptions, Cluster, Redis } from 'ioredis';
import type { RedisAddress, RedisNode, RedisOptions } from './redis/address.ts';
import { parseRedisAddress } from './redis/address.ts';
import type { RedisArgument, RedisConnection } from './redis/connection.ts';
import { RedisRegistry } from './redis/redis-registry.ts';
import { checkMaster, findMaster } from './redis/sentinels.ts';
import { noAnswer, whileConnecting } from './redis/while-connecting.ts';
import { withoutCommand } from './redis/without-command.ts';
import type { Registry } from './registry.ts';

type ClientOptions = Omit<AllClientOptions, 'replyMapping'>;

/** Until a connection is ready to be used, in ms. */
const CONNECT_MS = 3000;

/** What has no answer by then on a node of a cluster never gets one, in ms. */
const NODE_STUCK_MS = 5000;

/**
 * Opens the registry at a `redis:` or `rediss:` url. It does not wait for a connection: what is wrong
 * is told by the first method that is called.
 *
 * @param onWarning hears what about the server endangers the registry, such as that it may evict keys
 * @throws ScatterError `CONFIG_INVALID` for a url that cannot be
 */
export function openRedis(
  url: string,
  namespace: string,
  o: { readonly redis?: RedisOptions; readonly onWarning?: (message: string) => void } = {},
): Registry {
  const address = parseRedisAddress(url, o.redis);
  const connect = { single: connectServer, sentinel: connectMaster, cluster: connectCluster };
  const open = (closing: AbortSignal) => {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(2 * CONNECT_MS)]);
    return connect[address.kind](address, signal);
  };
  return new RedisRegistry(address.shown, namespace, open, o.onWarning);
}

async function connectServer(address: RedisAddress, signal: AbortSignal): Promise<RedisConnection> {
  return connectNode(
    { ...clientOptions(address), ...address.nodes[0] },
    signal,
    address.options.db,
  );
}

async function connectMaster(address: RedisAddress, signal: AbortSignal): Promise<RedisConnection> {
  const { sentinelUsername: username, sentinelPassword: password } = address.options;
  const options = clientOptions(address, { username, password });
  const openSentinel = (sentinel: RedisNode, either: AbortSignal) =>
    connectNode({ ...options, ...sentinel }, either);
  const master = await findMaster(address, openSentinel, signal);
  const connection = await connectServer({ ...address, nodes: [master] }, signal);
  const close = () => connection.close();
  await whileConnecting(signal, close, () => checkMaster(connection));
  return connection;
}

async function connectNode(
  options: ClientOptions,
  signal: AbortSignal,
  db = 0,
): Promise<RedisConnection> {
  const client = new Redis(options);
  client.on('connect', () => client.stream.unref());
  await ready(client, signal);
  // The client's own option for it would go on in database 0 when the server refuses the number.
  const select = () => bare(client.select(db));
  if (db !== 0) await whileConnecting(signal, () => hangUp(client), select);
  return {
    call: (command, args) => bare(client.callBuffer(command, args.map(clientArgument))),
    async subscribe(channel, onMessage) {
      client.on('message', (_channel, message) => onMessage(message));
      await bare(client.subscribe(channel));
    },
    closed: endOf(client),
    bytesMoved: () => bytesMoved(clientsOf(client)),
    close: () => hangUp(client),
  };
}

async function connectCluster(
  address: RedisAddress,
  signal: AbortSignal,
): Promise<RedisConnection> {
  const { natMap } = address.options;
  const cluster = new Cluster([...address.nodes], {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: () => null,
    // A part that is away says so itself, when it is asked for something.
    enableReadyCheck: false,
    // Its timer would keep the program alive; nodes that moved are found by their answers.
    slotsRefreshInterval: 0,
    slotsRefreshTimeout: CONNECT_MS,
    redisOptions: { ...clientOptions(address), socketTimeout: NODE_STUCK_MS },
    ...(natMap !== undefined && { natMap: { ...natMap } }),
  });
  cluster.on('+node', (node: Redis) => node.on('connect', () => node.stream.unref()));
  await ready(cluster, signal);
  return {
    call: (command, args) => bare(cluster.callBuffer(command, args.map(clientArgument))),
    subscribe: (channel, onMessage) => subscribeOnNode(cluster, channel, onMessage),
    closed: endOf(cluster),
    bytesMoved: () => bytesMoved(clientsOf(cluster)),
    close: () => hangUp(cluster),
  };
}

// The client's own subscriber would be one more connection, which keeps the program alive.
async function subscribeOnNode(
  cluster: Cluster,
  channel: string,
  onMessage: (message: string) => void,
): Promise<void> {
  const nodes = cluster.nodes('master');
  const node = nodes.find(({ status }) => status === 'ready') ?? nodes[0];
  if (node === undefined) throw new Error('Connection is closed.');
  node.on('message', (_channel: string, message: string) => onMessage(message));
  node.once('end', () => {
    // What was published meanwhile is lost. If this fails, too, the poll of the reader is left.
    subscribeOnNode(cluster, channel, onMessage).then(
      () => onMessage(''),
      () => undefined,
    );
  });
  await bare(node.subscribe(channel));
}

// The client writes any other array of bytes as a list of numbers.
function clientArgument(argument: RedisArgument): string | number | Buffer {
  if (!(argument instanceof Uint8Array)) return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}

function clientOptions(
  { options, secure }: RedisAddress,
  { username, password }: Partial<Record<'username' | 'password', string | undefined>> = options,
): ClientOptions {
  return {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // A dead connection would keep the program alive for two seconds more.
    disconnectTimeout: 0,
    // A server that is not ready says so, and a user need not be allowed to ask.
    enableReadyCheck: false,
    connectionName: 'scatter',
    // What is tried again, and for how long, is decided in redis/link.ts.
    retryStrategy: () => null,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(secure && { tls: { ...options.tls } }),
  };
}

/** Waits for a new client. @throws what really went wrong, where the client says that it is closed */
async function ready(client: Redis | Cluster, signal: AbortSignal): Promise<void> {
  const reasons: unknown[] = [];
  const collect = (error: unknown) => reasons.push(error);
  client.on('error', collect);
  client.on('node error', collect);
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  // It is too late for the race when the signal comes before it.
  givenUp.catch(() => undefined);
  const timer = setTimeout(() => reject(unanswered(client)), CONNECT_MS).unref();
  // A cluster that ends while it connects would never say so.
  const stop = () => {
    reject(noAnswer('no answer'));
    hangUp(client);
  };
  try {
    await whileConnecting(signal, stop, () => Promise.race([client.connect(), givenUp]));
  } catch (error) {
    throw withoutCommand([...reasons, error].findLast(isTelling) ?? error);
  } finally {
    clearTimeout(timer);
    client.off('error', collect);
    client.off('node error', collect);
    // From now on every command tells its own; without a listener the client would print them.
    client.on('error', () => undefined);
  }
}

async function bare<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    throw withoutCommand(error);
  }
}

function unanswered(client: Redis | Cluster): Error {
  // Who does not speak TLS may take the greeting for the beginning of a command, and wait for its end.
  const greets = clientsOf(client).some(
    ({ stream }) => stream instanceof TLSSocket && stream.getPeerFinished() === undefined,
  );
  const message = greets ? 'no answer in TLS' : 'no answer';
  return noAnswer(message);
}

function clientsOf(client: Redis | Cluster): Redis[] {
  return client instanceof Redis ? [client] : client.nodes('all');
}

// The client alone would say goodbye and wait for the other side, which may be stuck, for two seconds.
function hangUp(client: Redis | Cluster): void {
  const streams = clientsOf(client).map(({ stream }) => stream);
  client.disconnect();
  for (const stream of streams) stream?.destroy();
}

// A cluster whose nodes all refuse says so in general beside what each of them said.
function isTelling(reason: unknown): boolean {
  const message = reason instanceof Error ? reason.message : '';
  return !/^(Connection is closed|Failed to refresh slots cache|None of startup)/.test(message);
}

function endOf(client: Redis | Cluster): Promise<unknown> {
  return new Promise((resolve) => client.once('end', resolve));
}

function bytesMoved(clients: readonly Redis[]): number {
  return clients.reduce((sum, { stream }) => {
    if (stream === undefined) return sum;
    return sum + stream.bytesRead + stream.bytesWritten - stream.writableLength;
  }, 0);
}
