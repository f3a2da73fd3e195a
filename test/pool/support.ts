import { after } from 'node:test';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeArguments } from '../../src/codec/encode.ts';
import { isScatterError, type ScatterError } from '../../src/errors.ts';
import type { GuestFunction } from '../../src/model/guest-function.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/model/limits.ts';
import type { CallRequest } from '../../src/pool/call.ts';
import { Pool } from '../../src/pool/pool.ts';
import type { PoolOptions } from '../../src/pool/pool-options.ts';
import { until as untilFound } from '../redis/servers/until.ts';

/** A pool that is closed after the tests of the file. */
export function startPool(options: Partial<PoolOptions> = {}): Pool {
  const pool = new Pool({
    processes: 1,
    threads: 1,
    memoryMb: 1024,
    maxQueue: 10_000,
    blankMemoryMb: DEFAULT_LIMITS.memoryMb,
    env: {},
    ...options,
  });
  after(() => pool.close());
  return pool;
}

/** A guest function made of the source of one function. */
export function guest(name: string, source: string, links: readonly string[] = []): GuestFunction {
  const origin = { source, map: '', captured: [] };
  const code = `($scatter) => (${source})`;
  const artifact = { format: 1, code, links, requires: [], origin };
  return { name, version: 1, digest: `digest of ${source}`, artifact };
}

export interface CallChoices extends Partial<Omit<CallRequest, 'limits'>> {
  readonly limits?: Partial<Limits>;
}

/** Calls a guest function with plain arguments; resolves to the plain result. */
export function call(
  pool: Pool,
  target: GuestFunction,
  args: readonly unknown[] = [],
  { limits, ...choices }: CallChoices = {},
): Promise<unknown> {
  return pool.call({
    target,
    args: encodeArguments(args, { maxBytes: DEFAULT_LIMITS.maxArgumentBytes }),
    partition: '',
    limits: { ...DEFAULT_LIMITS, ...limits },
    nested: false,
    onLog: () => undefined,
    onLink: () => Promise.reject(new Error('nothing is linked')),
    onCapability: () => Promise.reject(new Error('nothing is provided')),
    read: (bytes) => decodeValue(bytes, 0, bytes.byteLength),
    ...choices,
  });
}

/** For `assert.rejects`: an error with this code (without its prefix) and these fields. */
export function failsWith(
  code: string,
  fields: Partial<ScatterError> = {},
): (error: unknown) => boolean {
  return (error) => {
    if (!isScatterError(error)) throw error;
    const wanted = { code: `SCATTER_ERR_${code}`, ...fields };
    for (const [field, value] of Object.entries(wanted)) {
      const actual = error[field as keyof ScatterError];
      if (actual !== value) throw new Error(`${field} is ${String(actual)}: ${error.message}`);
    }
    return true;
  };
}

/** Waits until `condition` holds, for at most ten seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  await untilFound(what, () => condition() || undefined, { withinMs: 10_000 });
}

/** Whether a process is there (and not a zombie that waits to be reaped). */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
