import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandConnection, commandConnection } from './command-connection.ts';
import { findRedisServer } from './find-server.ts';
import { freePort } from './free-port.ts';
import { type ServerConfig, writeConfig } from './server-config.ts';
import { until } from './until.ts';
import { startWatched, type WatchedProcess } from './watched-process.ts';

export { persistent } from './server-config.ts';

export interface ServerOptions {
  readonly config?: ServerConfig;
  readonly port?: number;
  /** One that is given stays after stop(); else a temporary one is made. */
  readonly folder?: string;
  /** Runs as a sentinel. */
  readonly sentinel?: boolean;
  /** Speaks only TLS, with certificates of this authority. */
  readonly tls?: { readonly ca: string };
}

/** A server of the test's own, which dies with the test's process. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  /** Of redis-server itself; another one after a restart. */
  readonly pid: number;
  command(...command: (string | Buffer)[]): Promise<unknown>;
  /** As if it crashed. Its folder stays; resolves when it is dead. */
  kill(): Promise<void>;
  /** Starts it again, after killing it if it runs, on the same port and folder. */
  restart(options?: { readonly loseData?: boolean }): Promise<void>;
  /** It keeps its connections, but does nothing until resume(). */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

interface Place {
  readonly port: number;
  readonly folder: string;
  readonly options: ServerOptions;
  readonly connection: CommandConnection;
}

export async function startRedis(options: ServerOptions = {}): Promise<RedisServer> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'scatter-redis-')));
  try {
    const { place, running } = await startOnFreePort(folder, options);
    return serverAt(place, running);
  } catch (error) {
    await removeOwn(folder, options);
    throw error;
  }
}

function serverAt(place: Place, first: WatchedProcess): RedisServer {
  const { port, folder, options, connection } = place;
  let running = first;
  const kill = async (): Promise<void> => {
    connection.close();
    await running.kill();
  };
  const stop = async (): Promise<void> => {
    await kill();
    await removeOwn(folder, options);
  };
  return {
    port,
    folder,
    url: `${options.tls ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    get pid() {
      return running.pid;
    },
    command: (...command) => connection.call(command),
    kill,
    async restart({ loseData = false } = {}) {
      await kill();
      if (loseData) await removeData(folder);
      running = await run(place);
    },
    pause: () => process.kill(running.pid, 'SIGSTOP'),
    resume: () => process.kill(running.pid, 'SIGCONT'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Another process may take the port between finding and using it. */
async function startOnFreePort(
  folder: string,
  options: ServerOptions,
): Promise<{ place: Place; running: WatchedProcess }> {
  for (let attempt = 1; ; attempt++) {
    const place = await placeFor(folder, options);
    try {
      return { place, running: await run(place) };
    } catch (error) {
      const isTaken = error instanceof Error && error.message.includes('Address already in use');
      if (options.port !== undefined || !isTaken || attempt === 5) throw error;
    }
  }
}

async function placeFor(folder: string, options: ServerOptions): Promise<Place> {
  const port = options.port ?? (await freePort());
  const { config = {}, tls } = options;
  const ports: ServerConfig = tls
    ? { port: '0', 'tls-port': String(port) }
    : { port: String(port) };
  await writeConfig(folder, { ...ports, ...config });
  const { requirepass } = config;
  const connection = commandConnection({
    port,
    ...(requirepass === undefined ? {} : { password: requirepass }),
    ...(tls ? { tls: { ca: tls.ca } } : {}),
  });
  return { port, folder, options, connection };
}

/** Starts the program in the folder; resolves when it answers. */
async function run({ folder, options, connection }: Place): Promise<WatchedProcess> {
  const { command, env } = await findRedisServer();
  const log = join(folder, 'server.log');
  await rm(log, { force: true });
  const mode = options.sentinel ? ['--sentinel'] : [];
  const isTemporary = options.folder === undefined;
  const place = { cwd: folder, env, log, isTemporary };
  const running = await startWatched([command, 'redis.conf', ...mode], place);
  try {
    await until('an answer of redis-server', () => answers(running, connection, log));
    return running;
  } catch (error) {
    connection.close();
    await running.kill();
    throw error;
  }
}

async function answers(
  running: WatchedProcess,
  connection: CommandConnection,
  log: string,
): Promise<true | undefined> {
  if (running.hasExited) {
    throw new Error(`redis-server does not start:\n${await readFile(log, 'utf8')}`);
  }
  try {
    const info = String(await connection.call(['INFO', 'server']));
    // Else a server of another process answers, as it took the port before this one.
    return info.includes(`process_id:${running.pid}\r\n`) || undefined;
  } catch {
    // Not yet listening.
    return undefined;
  }
}

async function removeData(folder: string): Promise<void> {
  for (const name of globSync('{*.rdb,appendonly*}', { cwd: folder })) {
    await rm(join(folder, name), { recursive: true });
  }
}

async function removeOwn(folder: string, options: ServerOptions): Promise<void> {
  if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
}
