import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ScatterError } from '../errors.ts';
import { openMemory } from './memory.ts';
import { parseRedisAddress, type RedisOptions } from './redis/address.ts';
import type { Registry } from './registry.ts';

const NAMESPACE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const SUPPORTED = 'use redis://HOST, rediss://HOST, sqlite:PATH or memory:';

export interface OpenOptions {
  /** For `redis:` and `rediss:`. */
  readonly redis?: RedisOptions;
  /** Hears what endangers the registry, such as a server that may evict keys. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Opens one namespace of the registry at `url`: `redis://HOST` or `rediss://HOST` (which is not waited
 * for), `sqlite:PATH` (relative to the working folder), `memory:` (its opener's own) or `memory:NAME`
 * (shared within the process).
 *
 * @throws ScatterError `CONFIG_INVALID` for a url or namespace that cannot be; else what opening that
 *   kind of registry throws
 */
export async function openRegistry(
  url: string,
  namespace: string,
  options: OpenOptions = {},
): Promise<Registry> {
  checkNamespace(namespace);
  const [scheme, rest] = splitUrl(url);
  switch (scheme) {
    case 'sqlite': {
      const path = checkSqlitePath(rest);
      // Loaded only here, so that the others work where Node was built without SQLite.
      const { openSqlite } = await import('./sqlite.ts');
      return openSqlite(path, namespace);
    }
    case 'memory':
      return openMemory(rest, namespace);
    case 'redis':
    case 'rediss': {
      const { openRedis } = await import('./redis.ts');
      return openRedis(url, namespace, options);
    }
    default:
      throw invalid(`\`${scheme}:\` is no kind of registry; ${SUPPORTED}`);
  }
}

/** A url as it may be shown and logged: without user and password. @throws ScatterError `CONFIG_INVALID` */
export function shownUrl(url: string, redis?: RedisOptions): string {
  return /^rediss?:/i.test(url) ? parseRedisAddress(url, redis).shown : url;
}

/**
 * Where the registry is when nothing says so: `$SCATTER_URL`, `$REDIS_URL`, else the file
 * `.scatter/scatter.db` beside the nearest package.json at or above `folder`.
 *
 * @param folder where to start; without a package.json above, the file is beside this folder's own
 * @default process.env, process.cwd()
 */
export function defaultUrl(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  folder: string = process.cwd(),
): string {
  // `||`: a variable set to nothing is as good as unset.
  const given = environment['SCATTER_URL'] || environment['REDIS_URL'];
  return given || `sqlite:${join(scatterFolder(folder), 'scatter.db')}`;
}

/** The folder `.scatter` beside the nearest package.json at or above `folder`, else in `folder` itself. */
export function scatterFolder(folder: string = process.cwd()): string {
  return join(packageFolder(folder) ?? folder, '.scatter');
}

function checkNamespace(namespace: string): void {
  if (NAMESPACE.test(namespace)) return;
  throw invalid(
    `the namespace ${JSON.stringify(namespace)} is malformed: it takes 1 to 64 letters, digits, ` +
      '`.`, `_` and `-`, and begins with a letter or digit',
  );
}

// Only the scheme is ever quoted: a password may stand anywhere behind it.
function splitUrl(url: string): [scheme: string, rest: string] {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
  if (scheme !== undefined && rest !== undefined) return [scheme.toLowerCase(), rest];
  const shown = /[:@?]/.test(url) ? 'the given url' : JSON.stringify(url);
  throw invalid(`${shown} does not begin with the kind of registry; ${SUPPORTED}`);
}

function checkSqlitePath(path: string): string {
  const example = 'write sqlite: and the path of a file, such as sqlite:.scatter/scatter.db';
  if (path === '') throw invalid(`\`sqlite:\` names no file; ${example}`);
  if (path === ':memory:') throw invalid('`sqlite::memory:` cannot be shared; write memory:');
  if (path.includes('\0')) throw invalid(`the path after \`sqlite:\` contains a NUL; ${example}`);
  if (/^\/\/(?!\/)/.test(path)) {
    throw invalid(`\`sqlite://\` would name a host, and a file has none; ${example}`);
  }
  return path;
}

function packageFolder(folder: string): string | undefined {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : packageFolder(parent);
}

function invalid(message: string): ScatterError {
  return new ScatterError('SCATTER_ERR_CONFIG_INVALID', message);
}
