import { isScatterError } from './errors.ts';
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

/** How often the same trouble is told, in ms. */
const REPEAT_MS = 5 * 60_000;

/** Tells the log when the registry goes away and when it is back, once each. */
export class RegistryNews implements CacheEvents {
  readonly #logger: Logger;
  readonly #hasCache: boolean;
  #isStarted = false;
  #toldOf = '';
  #toldAt = 0;
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
    const tell = () => this.#logger.warn({ err }, `${what} ${since.toISOString()}`);
    if (this.#isStarted) tell();
    else this.#untold = tell;
  }

  onBack(since: Date): void {
    this.#untold = () => undefined;
    if (!this.#isStarted) return;
    const seconds = Math.round((Date.now() - since.getTime()) / 1000);
    // As loud as that it was away.
    this.#logger.warn({}, `the registry answers again, after ${seconds} s`);
  }

  /** What is wrong with the registry beside that it is away; the same is not told at every look. */
  onUnreadable(err: unknown): void {
    // That it is away was told once.
    if (isScatterError(err, 'SCATTER_ERR_REGISTRY_UNREACHABLE')) return;
    const text = String(err);
    const isNew = text !== this.#toldOf || performance.now() - this.#toldAt > REPEAT_MS;
    if (!isNew) return;
    this.#toldOf = text;
    this.#toldAt = performance.now();
    this.#logger.warn({ err }, 'cannot read changes; trying again');
  }

  /** `status()` of others does not show this instance; which may be meant, or the server is full. */
  onUnshown(err: unknown): void {
    const level = isScatterError(err, 'SCATTER_ERR_REGISTRY_FULL') ? 'warn' : 'debug';
    this.#logger[level]({ err }, 'the registry does not take what this instance says of itself');
  }

  onTrouble(err: unknown, place: string): void {
    this.#logger.warn({ err, place }, 'the cache cannot be used as it should');
  }
}
