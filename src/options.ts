import { availableParallelism } from 'node:os';
import { type CacheChoices, resolveCache } from './cache-options.ts';
import { type CapabilitySet, layCapabilities, NO_CAPABILITIES } from './capability-set.ts';
import { ScatterError } from './errors.ts';
import { type Logger, stderrLogger } from './logger.ts';
import type { Capability } from './model/capability.ts';
import { DEFAULT_LIMITS, type Limits, replaceLimits } from './model/limits.ts';
import { checkOptionNames } from './option-names.ts';
import type { CacheOptions } from './registry/cache/open-cached.ts';
import { defaultUrl } from './registry/open.ts';
import { REDIS_OPTION_NAMES, type RedisOptions } from './registry/redis/address.ts';

/** How an instance is set up. Everything has a default. */
export interface ScatterOptions extends CacheChoices {
  /**
   * `redis://HOST`, `rediss://HOST` (see docs/redis.md), `sqlite:PATH`, `memory:` (this instance's own)
   * or `memory:NAME` (shared within the process).
   *
   * @default $SCATTER_URL, $REDIS_URL, else `.scatter/scatter.db` beside the nearest package.json
   */
  readonly url?: string;
  /** Two namespaces of one registry do not see each other. @default $SCATTER_NAMESPACE, `default` */
  readonly namespace?: string;
  /** For a `redis:` or `rediss:` url, what it cannot say or should not, such as a password. */
  readonly redis?: RedisOptions;
  /** Whether loaded functions follow their reference. @default true */
  readonly autoUpdate?: boolean;
  /** Names to load at start. @default [] */
  readonly preload?: readonly string[];
  /**
   * `none` runs functions that this program tracks in the host itself, for debuggers and unit tests,
   * and refuses fetched code. @default $SCATTER_ISOLATION, `process`
   */
  readonly isolation?: 'process' | 'none';
  /** Defaults for every function of the instance. */
  readonly limits?: Partial<Limits>;
  /** Names of environment variables that functions may read as `process.env.X`. @default [] */
  readonly env?: readonly string[];
  readonly pool?: {
    /** Executor processes. @default 1 */
    readonly processes?: number;
    /** Worker threads in each. @default max(2, availableParallelism()) */
    readonly threads?: number;
    /** Memory ceiling of each process in MB, watched from outside. @default 1024 */
    readonly memoryMb?: number;
    /** Calls that may wait. @default 10000 */
    readonly maxQueue?: number;
  };
  /** Guest console output arrives here too. @default warnings and errors on stderr */
  readonly logger?: Logger;
  /** What every function that runs here is given, made by `provide()`. @default [] */
  readonly capabilities?: readonly Capability[];
  /** Whether `status()` of all programs shows this one. @default true */
  readonly announce?: boolean;
}

/** Options with the defaults filled in. */
export interface ResolvedOptions {
  readonly url: string;
  readonly namespace: string;
  readonly redis: RedisOptions;
  readonly autoUpdate: boolean;
  readonly preload: readonly string[];
  readonly isolation: 'process' | 'none';
  readonly limits: Limits;
  readonly capabilities: CapabilitySet;
  readonly env: Readonly<Record<string, string>>;
  readonly pool: { processes: number; threads: number; memoryMb: number; maxQueue: number };
  readonly logger: Logger;
  readonly cache: CacheOptions;
  readonly announce: boolean;
}

const KNOWN = [
  'url',
  'namespace',
  'redis',
  'autoUpdate',
  'preload',
  'isolation',
  'limits',
  'env',
  'pool',
  'logger',
  'capabilities',
  'cacheDir',
  'snapshot',
  'announce',
];
const KNOWN_OF_POOL = ['processes', 'threads', 'memoryMb', 'maxQueue'];

/** @throws ScatterError `CONFIG_INVALID` naming the option */
export function resolveOptions(options: ScatterOptions): ResolvedOptions {
  checkNames(options);
  const url = options.url ?? defaultUrl();
  if (options.redis !== undefined && !/^rediss?:/i.test(String(url))) {
    throw invalid('redis is for `redis:` and `rediss:` urls, and this registry is another one');
  }
  return {
    url,
    namespace: options.namespace ?? (process.env['SCATTER_NAMESPACE'] || 'default'),
    redis: options.redis ?? {},
    autoUpdate: options.autoUpdate ?? true,
    preload: options.preload ?? [],
    isolation: resolveIsolation(options.isolation ?? process.env['SCATTER_ISOLATION']),
    limits: replaceLimits(DEFAULT_LIMITS, options.limits),
    capabilities: layCapabilities(NO_CAPABILITIES, options.capabilities, 'the option capabilities'),
    env: readEnvironment(options.env ?? []),
    pool: resolvePool(options.pool ?? {}),
    logger: options.logger ?? stderrLogger,
    cache: resolveCache(options, url),
    announce: options.announce ?? true,
  };
}

function checkNames(options: ScatterOptions): void {
  checkOptionNames('the option *', options, KNOWN);
  checkOptionNames('the option pool.*', options.pool ?? {}, KNOWN_OF_POOL);
  checkOptionNames('the option redis.*', options.redis ?? {}, REDIS_OPTION_NAMES);
}

function resolveIsolation(isolation: string | undefined): 'process' | 'none' {
  if (isolation === undefined || isolation === '') return 'process';
  if (isolation === 'process' || isolation === 'none') return isolation;
  throw invalid(`isolation is ${JSON.stringify(isolation)}; it must be \`process\` or \`none\``);
}

function resolvePool(pool: NonNullable<ScatterOptions['pool']>): ResolvedOptions['pool'] {
  const resolved = {
    processes: pool.processes ?? 1,
    threads: pool.threads ?? Math.max(2, availableParallelism()),
    memoryMb: pool.memoryMb ?? 1024,
    maxQueue: pool.maxQueue ?? 10_000,
  };
  for (const [name, value] of Object.entries(resolved)) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw invalid(`pool.${name} is ${String(value)}; it must be a whole number from 1`);
  }
  return resolved;
}

function readEnvironment(names: readonly string[]): Record<string, string> {
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
    // What was given may be the environment itself, with its secrets: only its type is shown.
    const given =
      names === null ? 'null' : Array.isArray(names) ? 'a list of others' : typeof names;
    throw invalid(`env is ${given}; it must be a list of names, such as ['SHOP_REGION']`);
  }
  const present = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(present);
}

function invalid(trouble: string): ScatterError {
  return new ScatterError('SCATTER_ERR_CONFIG_INVALID', `the options are wrong: ${trouble}`);
}
