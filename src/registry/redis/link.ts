import { setTimeout as delay } from 'node:timers/promises';
import { ScatterError } from '../../errors.ts';
import { held } from '../held.ts';
import type { AskOptions } from '../registry.ts';
import type { RedisConnection } from './connection.ts';
import { reasonOf } from './reason.ts';
import { isRefusal, redisError, troubleOf } from './trouble.ts';

/** How long one operation is tried, in ms; the first ones sooner give up on what never answered. */
const PATIENCE_MS = 6000;
const FIRST_PATIENCE_MS = 3000;

/** A connection on which an answer is due and no byte moves for so long is given up, in ms. */
const STUCK_MS = 2500;

const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1000;

/** The same where only somebody's doing can help, as when a password is wrong: a server may log each try. */
const HOPELESS_PAUSE_MS = 30_000;

export interface LinkEvents {
  /** Each time that there is a connection, before it is used. */
  onConnected(connection: RedisConnection): void;
}

/**
 * Keeps a connection, makes a new one when it is gone, and tries operations for a bounded time. An
 * operation that was cut off may have been done: it must be safe to do again. What keeps the program
 * alive is the operation alone: no connection does, nor the making of one.
 */
export class RedisLink {
  readonly #connect: (signal: AbortSignal) => Promise<RedisConnection>;
  readonly #events: LinkEvents;
  readonly #url: string;
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #connection: RedisConnection | undefined;
  #connecting: Promise<RedisConnection> | undefined;
  #again: NodeJS.Timeout | undefined;
  #failures = 0;
  #hadConnection = false;
  #closed = false;

  /** @param connect gives up when the signal says so */
  constructor(
    url: string,
    connect: (signal: AbortSignal) => Promise<RedisConnection>,
    events: LinkEvents,
  ) {
    this.#url = url;
    this.#connect = connect;
    this.#events = events;
  }

  get connection(): RedisConnection | undefined {
    return this.#connection;
  }

  /** @throws ScatterError `POOL_CLOSED`, what the trouble means, or what `attempt` throws of its own */
  run<T>(
    doing: string,
    attempt: (connection: RedisConnection) => Promise<T>,
    { background = false }: AskOptions = {},
  ): Promise<T> {
    if (this.#closed) return Promise.reject(closedError(this.#url));
    const tried = this.#insist(doing, attempt);
    if (background) return tried;
    const work = held(tried);
    this.#running.add(work);
    const settled = () => this.#running.delete(work);
    work.then(settled, settled);
    return work;
  }

  /** Lets running work finish, but for what goes on in the background, then disconnects. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
    clearTimeout(this.#again);
    this.#closing.abort();
    await Promise.allSettled([this.#connecting]);
    this.#connection?.close();
    await this.#connection?.closed;
  }

  async #insist<T>(
    doing: string,
    attempt: (connection: RedisConnection) => Promise<T>,
  ): Promise<T> {
    const start = performance.now();
    let uncertain = false;
    for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await this.#once(attempt);
      } catch (error) {
        const patience = this.#hadConnection ? PATIENCE_MS : FIRST_PATIENCE_MS;
        const late = performance.now() - start > patience;
        if (error instanceof ScatterError || isMistake(error)) throw error;
        if (this.#closing.signal.aborted) throw closedError(this.#url);
        if (late || !troubleOf(error).passing) {
          throw redisError(error, { doing, url: this.#url, uncertain });
        }
        uncertain ||= !isRefusal(error);
        // A master that became a replica says so on the old connection.
        if (/^READONLY/.test(reasonOf(error))) this.#connection?.close();
      }
      // Random, or those who wait would all come back at once.
      await delay(pause * (0.5 + Math.random() / 2), undefined, { ref: false });
    }
  }

  async #once<T>(attempt: (connection: RedisConnection) => Promise<T>): Promise<T> {
    const connection = this.#connection ?? (await this.#reconnect());
    const work = attempt(connection);
    const watch = watchOver(connection);
    try {
      return await work;
    } catch (cause) {
      if (!watch.gaveUp || cause instanceof ScatterError) throw cause;
      throw Object.assign(new Error('no answer', { cause }), { code: 'ETIMEDOUT' });
    } finally {
      clearInterval(watch.timer);
    }
  }

  #reconnect(): Promise<RedisConnection> {
    this.#connecting ??= this.#makeConnection().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #makeConnection(): Promise<RedisConnection> {
    clearTimeout(this.#again);
    try {
      const connection = await this.#connect(this.#closing.signal);
      this.#adopt(connection);
      return connection;
    } catch (error) {
      this.#failures += 1;
      this.#reconnectLater(troubleOf(error).passing ? 2 * LONGEST_PAUSE_MS : HOPELESS_PAUSE_MS);
      throw error;
    }
  }

  #adopt(connection: RedisConnection): void {
    // Nobody waits for it any more.
    if (this.#closed) return connection.close();
    this.#failures = 0;
    this.#hadConnection = true;
    this.#connection = connection;
    connection.closed.then(() => {
      if (this.#connection === connection) this.#connection = undefined;
      this.#reconnectLater();
    });
    this.#events.onConnected(connection);
  }

  // Whoever waits for changes needs a connection, whether or not anything is asked.
  #reconnectLater(longest = LONGEST_PAUSE_MS): void {
    if (this.#closed) return;
    clearTimeout(this.#again);
    const pause = Math.min(SHORTEST_PAUSE_MS * 2 ** this.#failures, longest);
    this.#again = setTimeout(
      () => {
        // A failure has made the next attempt already, and every operation reports its own.
        this.#reconnect().catch(() => undefined);
      },
      pause * (0.5 + Math.random() / 2),
    ).unref();
  }
}

/** Ends a connection on which nothing moves while an answer is due. */
function watchOver(connection: RedisConnection): { timer: NodeJS.Timeout; gaveUp: boolean } {
  let moved = connection.bytesMoved();
  const look = () => {
    const now = connection.bytesMoved();
    if (now === moved) {
      watch.gaveUp = true;
      connection.close();
    }
    moved = now;
  };
  const watch = { timer: setInterval(look, STUCK_MS).unref(), gaveUp: false };
  return watch;
}

/** Of this program, not of the network. */
function isMistake(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}

function closedError(url: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_POOL_CLOSED',
    `the registry ${url} was closed; open it again to use it`,
  );
}
