import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withFolderLock } from './folder-lock.ts';
import { type ServerProgram, unpackedServer, unpackServer } from './unpack-server.ts';

const run = promisify(execFile);

/** Below node_modules it survives between runs and stays out of git. */
const CACHE = fileURLToPath(
  new URL('../../../node_modules/.cache/scatter-redis/', import.meta.url),
);

const ADVICE =
  'These tests need a real Redis server: install redis-server 6.2 or newer so that it is in PATH,' +
  ' e.g. `apt-get install redis-server` or `brew install redis`.';

/** A redis-server that starts on this machine. */
export interface FoundServer extends ServerProgram {
  readonly version: { readonly major: number; readonly minor: number };
}

let found: Promise<FoundServer> | undefined;

/**
 * The redis-server in PATH, else one unpacked from the system's packages into a cache.
 *
 * @param onFetch is called when they have to be downloaded
 */
export function findRedisServer(onFetch = (): void => undefined): Promise<FoundServer> {
  found ??= find(onFetch);
  return found;
}

async function find(onFetch: () => void): Promise<FoundServer> {
  const installed = await started({ command: 'redis-server', env: process.env });
  if (installed) return installed;
  const folder = join(CACHE, `${process.platform}-${process.arch}`);
  const cached = await started(unpackedServer(folder));
  if (cached) return cached;
  try {
    onFetch();
    await mkdir(CACHE, { recursive: true });
    return await withFolderLock(`${folder}.lock`, () => cachedOrUnpacked(folder));
  } catch (cause) {
    throw new Error(ADVICE, { cause });
  }
}

/** Another process may have unpacked it while this one waited for the lock. */
async function cachedOrUnpacked(folder: string): Promise<FoundServer> {
  const cached = await started(unpackedServer(folder));
  if (cached) return cached;
  await unpackServer(folder);
  const unpacked = await started(unpackedServer(folder));
  if (!unpacked) throw new Error('the server of the system packages does not start, or is too old');
  return unpacked;
}

/** The server with its version; undefined if it does not start or is older than 6.2. */
async function started(program: ServerProgram | undefined): Promise<FoundServer | undefined> {
  if (!program) return undefined;
  const version = await versionOf(program);
  if (!version) return undefined;
  const isNewEnough = version.major > 6 || (version.major === 6 && version.minor >= 2);
  return isNewEnough ? { ...program, version } : undefined;
}

async function versionOf({ command, env }: ServerProgram): Promise<FoundServer['version'] | null> {
  try {
    const { stdout } = await run(command, ['--version'], { env });
    const [, major, minor] = /\bv=(\d+)\.(\d+)/.exec(stdout) ?? [];
    return major && minor ? { major: Number(major), minor: Number(minor) } : null;
  } catch {
    // There is none, or a library that it needs is missing.
    return null;
  }
}
