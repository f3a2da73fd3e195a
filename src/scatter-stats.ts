import { setImmediate } from 'node:timers/promises';
import type { Pool } from './pool/pool.ts';
import type { PoolStats } from './pool/pool-options.ts';
import type { RegistryState } from './registry-state.ts';
import type { Runtime } from './runtime.ts';

/** What an instance is doing. */
export interface ScatterStats extends PoolStats {
  /** How it stands to its registry; undefined before it is connected. */
  readonly registry?: RegistryState;
}

/** @param opening the connection, if there is one or is about to be; it is not waited for */
export async function scatterStats(
  pool: Pool,
  opening: Promise<Runtime> | undefined,
): Promise<ScatterStats> {
  const waited = Promise.allSettled(opening === undefined ? [] : [opening]);
  const [opened] = await Promise.race([waited, setImmediate([])]);
  if (opened?.status !== 'fulfilled') return pool.stats();
  return { ...pool.stats(), registry: opened.value.registryState };
}
