import { EventEmitter, once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Program } from './program.ts';

const LONGEST_WAIT_MS = 20_000;

/** All programs of the demo, and whatever ends it before its time. */
export class Cast {
  readonly servers: readonly Program[];
  readonly publisher: Program;
  readonly #news = new EventEmitter<{ news: [] }>();
  readonly #ending = new AbortController();

  constructor(registry: { url: string; namespace: string }) {
    const start = (name: string, file: string) =>
      new Program(name, new URL(file, import.meta.url), {
        args: [registry.url, registry.namespace],
        onNews: () => this.#news.emit('news'),
        onFailed: (error) => this.end(error),
      });
    this.servers = [start('server-1', './server.ts'), start('server-2', './server.ts')];
    this.publisher = start('publisher', './publisher.ts');
  }

  get programs(): readonly Program[] {
    return [this.publisher, ...this.servers];
  }

  /** Why the demo was ended before its time, if it was. */
  get endedBy(): unknown {
    return this.#ending.signal.reason;
  }

  /** Ends whatever is being waited for; the first reason stays. */
  end(reason: Error): void {
    this.#ending.abort(reason);
  }

  /** Waits for `answer` to have something in the reports that came. @throws the reason of `end()` */
  async until<T>(what: string, answer: () => T | undefined): Promise<T> {
    const tooLong = AbortSignal.timeout(LONGEST_WAIT_MS);
    const signal = AbortSignal.any([this.#ending.signal, tooLong]);
    for (;;) {
      this.#ending.signal.throwIfAborted();
      const found = answer();
      if (found !== undefined) return found;
      if (tooLong.aborted) throw new Error(`waited ${LONGEST_WAIT_MS / 1000} s for ${what}`);
      await this.#unlessEnded(once(this.#news, 'news', { signal }), signal);
    }
  }

  /** Lets the load go on for a while. @throws the reason of `end()` */
  async letRun(ms: number): Promise<void> {
    const { signal } = this.#ending;
    await this.#unlessEnded(setTimeout(ms, undefined, { signal }), signal);
    signal.throwIfAborted();
  }

  async stop(): Promise<void> {
    // The servers first: with the publisher the function goes.
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.publisher.stop();
  }

  /** A wait that was cut short is no error here: whoever waits looks why. */
  async #unlessEnded(wait: Promise<unknown>, signal: AbortSignal): Promise<void> {
    try {
      await wait;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
