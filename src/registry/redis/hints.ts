import type { RedisConnection } from './connection.ts';

/** What a server gives its clients together, in bytes per ms: a Gbit/s. */
const SERVER_BYTES_PER_MS = 125_000;

const LONGEST_SPREAD_MS = 2000;
/** A spread below this is none, in ms. */
const SHORTEST_SPREAD_MS = 5;

/** Passes on the hints of the server; those that come during a write of our own, after it. */
export class Hints {
  readonly #channel: string;
  readonly #onTrouble: (error: unknown) => void;
  readonly #listeners = new Set<() => void>();
  #subscribed: RedisConnection | undefined;
  #writes = 0;
  #hinted = false;
  #spread = { ms: 0, end: 0 };

  constructor(channel: string, onTrouble: (error: unknown) => void) {
    this.#channel = channel;
    this.#onTrouble = onTrouble;
  }

  add(hint: () => void, connection: RedisConnection | undefined): () => void {
    // A function of its own for each call, so that one listener may watch twice.
    const own = () => hint();
    this.#listeners.add(own);
    if (connection !== undefined) this.attach(connection);
    return () => this.#listeners.delete(own);
  }

  /** To be called with every new connection: what was published before is lost, so it hints, too. */
  attach(connection: RedisConnection): void {
    if (this.#listeners.size === 0 || this.#subscribed === connection) return;
    this.#subscribed = connection;
    const onMessage = (message: string) => this.#heard(message);
    connection
      .subscribe(this.#channel, onMessage)
      .catch(this.#onTrouble)
      .finally(() => onMessage(''));
  }

  /** Runs a write of our own: hints that come meanwhile are given when it is over. */
  async during<T>(write: () => Promise<T>): Promise<T> {
    this.#writes += 1;
    try {
      return await write();
    } finally {
      this.#writes -= 1;
      if (this.#hinted) setImmediate(() => this.#hint());
    }
  }

  /**
   * How long to wait before fetching what a hint may be about, in ms: everybody who heard it is about
   * to, so each takes another moment, and the server is not asked for more than it can give.
   */
  pauseBeforeFetch(): number {
    const { ms, end } = this.#spread;
    return performance.now() < end ? Math.random() * ms : 0;
  }

  clear(): void {
    this.#listeners.clear();
  }

  #heard(message: string): void {
    if (this.#writes > 0) {
      this.#hinted = true;
      return;
    }
    const ms = spreadOf(message);
    if (ms > 0) this.#spread = { ms, end: performance.now() + ms };
    this.#hint();
  }

  #hint(): void {
    this.#hinted = false;
    for (const listener of [...this.#listeners]) {
      if (this.#listeners.has(listener)) listener();
    }
  }
}

/** @param message epoch, bytes of artifacts, and how many heard the hint before */
function spreadOf(message: string): number {
  const [, bytes, heard] = /^\d+ (\d+) (\d+)$/.exec(message) ?? [];
  const spread = (Number(bytes ?? 0) * Number(heard ?? 0)) / SERVER_BYTES_PER_MS;
  return spread < SHORTEST_SPREAD_MS ? 0 : Math.min(spread, LONGEST_SPREAD_MS);
}
