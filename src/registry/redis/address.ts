import type { ConnectionOptions } from 'node:tls';
import { ScatterError } from '../../errors.ts';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** What a `redis:` url cannot say, or should not. What stands here wins over the url. */
export interface RedisOptions {
  readonly username?: string;
  readonly password?: string;
  /** Number of the database; a cluster has only 0. @default 0 */
  readonly db?: number;
  /** For `rediss:`, what `node:tls` takes: `ca`, `cert`, `key`, `servername` and so on. */
  readonly tls?: ConnectionOptions;
  /** Ask these which server is the master, in place of the hosts of the url. */
  readonly sentinels?: readonly RedisNode[];
  /** What the sentinels call the master. */
  readonly sentinelName?: string;
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  /** Some nodes of a cluster, in place of the hosts of the url; the others are found through them. */
  readonly cluster?: readonly RedisNode[];
  /** Addresses that sentinels and nodes tell, and where they are from here: `{ '10.0.0.1:6379': … }`. */
  readonly natMap?: Readonly<Record<string, RedisNode>>;
}

const NAMES: Readonly<Record<keyof RedisOptions, true>> = {
  username: true,
  password: true,
  db: true,
  tls: true,
  sentinels: true,
  sentinelName: true,
  sentinelUsername: true,
  sentinelPassword: true,
  cluster: true,
  natMap: true,
};

export const REDIS_OPTION_NAMES: readonly string[] = Object.keys(NAMES);

export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly nodes: readonly RedisNode[];
  readonly options: RedisOptions;
  /** Whether to speak TLS. */
  readonly secure: boolean;
  /** For messages: no password in it. */
  readonly shown: string;
}

const PORTS = { single: 6379, sentinel: 26379, cluster: 6379 };
const EXAMPLES =
  'write redis://user:password@host:6379/0, with more hosts and ?sentinel=NAME or ?cluster where ' +
  'they are needed';

/** What the url asks for beside hosts. */
interface Parameters {
  readonly sentinelName?: string;
  readonly cluster?: [];
}

/**
 * Reads `redis://[user[:password]@]host[:port][,host[:port]…][/database][?sentinel=NAME|?cluster]`,
 * or `rediss:` for TLS. Without a host it is 127.0.0.1.
 *
 * @throws ScatterError `CONFIG_INVALID`; the text is not quoted, as a password may stand in it
 */
export function parseRedisAddress(url: string, o: RedisOptions = {}): RedisAddress {
  const given = withoutUnset(o);
  const { secure, user, hosts, path, query } = split(url);
  const parameters = readParameters(query);
  const kind = kindOf(parameters, given);
  const nodes = given.sentinels ?? given.cluster ?? readNodes(hosts, PORTS[kind]);
  const options = { ...readUser(user), ...readDatabase(path), ...parameters, ...given };
  checkNodes(kind, nodes);
  checkOptions(kind, options, secure);
  return { kind, nodes, options, secure, shown: shownUrl(secure, kind, nodes, options) };
}

// A password from a variable that is not set must not hide the one of the url.
function withoutUnset(options: RedisOptions): RedisOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function split(url: string) {
  const pattern = /^redis(s?):(?:\/\/)?(?:([^@/?]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;
  const [, s, user, hosts = '', path = '', query = ''] = pattern.exec(url) ?? [];
  if (s === undefined) throw invalid('it cannot be read');
  // Where there is one more, a part of the password would be taken for a host.
  if (`${hosts}${path}${query}`.includes('@')) {
    throw invalid('in user and password, `@`, `/`, `?` and `#` are written %40, %2F, %3F and %23');
  }
  return { secure: s !== '', user, hosts, path, query };
}

function kindOf(parameters: Parameters, given: RedisOptions): RedisAddress['kind'] {
  const sentinel = given.sentinels ?? given.sentinelName ?? parameters.sentinelName;
  const cluster = given.cluster ?? parameters.cluster;
  if (sentinel !== undefined && cluster !== undefined) {
    throw invalid('it is either behind sentinels or a cluster');
  }
  if (sentinel !== undefined) return 'sentinel';
  return cluster === undefined ? 'single' : 'cluster';
}

function readParameters(query: string): Parameters {
  let found: Parameters = {};
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === 'sentinel') found = { ...found, sentinelName: value };
    else if (name !== 'cluster') throw invalid(`?${name} is unknown`);
    else if (value === '') found = { ...found, cluster: [] };
    else throw invalid('?cluster takes no value');
  }
  return found;
}

function readNodes(hosts: string, port: number): RedisNode[] {
  return hosts.split(',').map((text, _, all) => {
    const pattern = /^(\[[0-9a-f:.]+(?:%[\w.-]+)?\]|[^\s:[\]%\\]*)(?::(\d{1,5}))?$/i;
    const [, host, given] = pattern.exec(text) ?? [];
    if (host === undefined || (text === '' && all.length > 1)) throw invalid('a host is malformed');
    const number = given === undefined ? port : Number(given);
    return { host: host.replace(/^\[|\]$/g, '') || '127.0.0.1', port: number };
  });
}

function readUser(user: string | undefined): Pick<RedisOptions, 'username' | 'password'> {
  if (user === undefined) return {};
  const [, name = '', password] = /^([^:]*)(?::(.*))?$/s.exec(user) ?? [];
  return {
    ...(name !== '' && { username: decoded(name) }),
    ...(password !== undefined && password !== '' && { password: decoded(password) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Nothing of it may be quoted.
    throw invalid('a `%` in user or password begins no code: write it as %25');
  }
}

function readDatabase(path: string): Pick<RedisOptions, 'db'> {
  if (path === '') return {};
  if (!/^\d{1,5}$/.test(path)) throw invalid('what follows the host must be a database number');
  return { db: Number(path) };
}

function checkNodes(kind: RedisAddress['kind'], nodes: readonly RedisNode[]): void {
  if (nodes.length === 0) throw invalid('the list of nodes is empty');
  if (kind === 'single' && nodes.length > 1) {
    throw invalid('several hosts need ?sentinel=NAME or ?cluster');
  }
  for (const { host, port } of nodes) {
    if (typeof host !== 'string' || host === '') throw invalid('a node has no host');
    const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535;
    if (!isPort) throw invalid(`there is no port ${String(port)}`);
  }
}

// What nobody would read must not be taken for done, least of all encryption.
function checkOptions(kind: RedisAddress['kind'], options: RedisOptions, secure: boolean): void {
  const { db = 0, tls, sentinelName, sentinelUsername, sentinelPassword } = options;
  if (!Number.isInteger(db) || db < 0) throw invalid(`there is no database ${String(db)}`);
  if (kind === 'cluster' && db !== 0) throw invalid('a cluster has database 0 only');
  if (kind === 'sentinel' && !sentinelName) throw invalid('?sentinel= names no master');
  if (kind !== 'sentinel' && (sentinelUsername ?? sentinelPassword) !== undefined) {
    throw invalid('a user of sentinels is given, and no ?sentinel=NAME');
  }
  if (tls !== undefined && !secure)
    throw invalid('`redis.tls` is given, and the url is not rediss:');
}

function shownUrl(
  secure: boolean,
  kind: RedisAddress['kind'],
  nodes: readonly RedisNode[],
  { db = 0, sentinelName = '' }: RedisOptions,
): string {
  const hosts = nodes.map(({ host, port }) => {
    const shown = host.includes(':') ? `[${host}]` : host;
    return port === PORTS[kind] ? shown : `${shown}:${port}`;
  });
  const sentinel = `?sentinel=${encodeURIComponent(sentinelName)}`;
  const ends = { single: '', sentinel, cluster: '?cluster' };
  const database = db === 0 ? '' : `/${db}`;
  return `redis${secure ? 's' : ''}://${hosts.join(',')}${database}${ends[kind]}`;
}

function invalid(trouble: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `the redis url or its options are wrong: ${trouble}; ${EXAMPLES}`,
  );
}
