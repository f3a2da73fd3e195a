import type { Logger } from './logger.ts';
import type { CacheEvents, CacheOptions } from './registry/cache/open-cached.ts';

/** How an instance stands to its registry, as part of `stats()`. */
export interface RegistryState {
  /** Without a password. */
  readonly url: string;
  /** Whether it answered when it was asked last. */
  readonly reachable: boolean;
  /** Since when it has not; undefined while it does. */
  readonly cacheSince?: Date;
  /** Identity of the registry's data, and the change up to which all is applied here. */
  readonly generation: string;
  readonly epoch: number;
}

/** Tells the log when the registry goes away and when it is back, once each. */
export class RegistryNews implements CacheEvents {
  readonly #logger: Logger;
  readonly #hasCache: boolean;
  #isStarted = false;
  #untold: () => void = () => undefined;

  constructor(logger: Logger, { folder, snapshot }: CacheOptions) {
    this.#logger = logger;
    this.#hasCache = folder !== undefined || snapshot !== undefined;
  }

  /** The instance has begun. If it could not, the error says so, and nothing is served from a cache. */
  start(): void {
    this.#isStarted = true;
    this.#untold();
  }

  onAway(since: Date, err: unknown): void {
    const what = this.#hasCache ? 'serving from cache since' : 'the registry does not answer since';
    const tell = () => this.#logger.warn({ since, err }, `${what} ${since.toISOString()}`);
    if (this.#isStarted) tell();
    else this.#untold = tell;
  }

  onBack(since: Date): void {
    this.#untold = () => undefined;
    if (this.#isStarted) this.#logger.info({ since }, 'the registry answers again');
  }

  onTrouble(err: unknown, place: string): void {
    this.#logger.warn({ err, place }, 'the cache cannot be used as it should');
  }
}
