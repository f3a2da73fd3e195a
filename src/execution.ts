import { executorNews } from './executor-news.ts';
import type { GuestFunction } from './model/guest-function.ts';
import type { ResolvedOptions } from './options.ts';
import { Pool } from './pool/pool.ts';
import type { LoadLimits } from './reload/handle-host.ts';
import { Leases } from './reload/leases.ts';

/** What runs the functions of an instance. It needs no registry, and starts nothing before its first use. */
export class Execution {
  readonly pool: Pool;
  readonly leases: Leases;
  readonly #isInHost: boolean;
  #unnamed = 0;

  constructor({ pool, env, limits, isolation, logger }: ResolvedOptions) {
    const options = { ...pool, env, blankMemoryMb: limits.memoryMb };
    this.pool = new Pool(options, executorNews(logger));
    this.leases = new Leases({
      onUsed: (target) => this.pool.keep(target),
      onUnused: (target) => this.pool.retire(target),
    });
    this.#isInHost = isolation === 'none';
  }

  /** For code that comes without one: two customers' functions of the same text are two. */
  nextName(): string {
    this.#unnamed += 1;
    return `source-${this.#unnamed}`;
  }

  /** Loads `next`, beside `previous` if there is one. Rejects if it cannot run here. */
  async warm(
    next: GuestFunction,
    previous: GuestFunction | undefined,
    limits: LoadLimits,
  ): Promise<void> {
    if (this.#isInHost) return;
    const use = { target: next, partition: '', ...limits };
    if (previous === undefined) await this.pool.prepare(use);
    else await this.pool.prepareBeside(next, previous, use);
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
