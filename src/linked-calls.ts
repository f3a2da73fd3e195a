import pLimit, { type LimitFunction } from 'p-limit';
import { ScatterError } from './errors.ts';

const MAX_DEPTH = 16;
const MAX_CALLS = 10_000;
// At each depth, so that those which wait for deeper ones never keep them from running.
const MAX_RUNNING = 64;
// Eight times the largest arguments, and four times that for all outermost calls of an instance.
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_WAITING_BYTES_OF_ALL = 4 * MAX_WAITING_BYTES;

/** What is waiting in all outermost calls of an instance. */
export interface LinkedBytes {
  waiting: number;
}

/** The calls of other functions that guests make within one outermost call: how many, and how many at once. */
export class LinkedCalls {
  readonly #lines = new Map<number, LimitFunction>();
  readonly #ofAll: LinkedBytes;
  #calls = 0;
  #bytes = 0;
  #ended = false;

  constructor(ofAll: LinkedBytes) {
    this.#ofAll = ofAll;
  }

  /**
   * Makes a call of `reference`, when it is its turn.
   *
   * @param depth functions between it and the outermost call's caller, from 1
   * @param bytes size of its arguments
   * @throws ScatterError `CALL_TOO_DEEP`, `CALL_EXHAUSTED`, `ABORTED`, and what `call` throws
   */
  async run<T>(
    { reference, depth, bytes }: { reference: string; depth: number; bytes: number },
    call: () => Promise<T>,
  ): Promise<T> {
    this.#admit(reference, depth, bytes);
    this.#calls += 1;
    this.#count(bytes);
    try {
      return await this.#lineAt(depth)(() => {
        if (this.#ended) throw ended(reference);
        return call();
      });
    } finally {
      this.#count(-bytes);
    }
  }

  /** The outermost call has settled: what has not begun in its name never does. */
  end(): void {
    this.#ended = true;
    for (const line of this.#lines.values()) line.clearQueue();
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#ofAll.waiting += bytes;
  }

  #admit(reference: string, depth: number, bytes: number): void {
    if (depth > MAX_DEPTH) throw tooDeep(reference);
    if (this.#ended) throw ended(reference);
    if (this.#calls >= MAX_CALLS) {
      throw exhausted(reference, `more than ${MAX_CALLS} calls of other functions`);
    }
    const isAlone = this.#ofAll.waiting === 0;
    const isTooMuch =
      this.#bytes + bytes > MAX_WAITING_BYTES ||
      this.#ofAll.waiting + bytes > MAX_WAITING_BYTES_OF_ALL;
    if (isTooMuch && !isAlone) {
      const trouble = `calls of other functions with more than ${MAX_WAITING_BYTES} bytes of arguments`;
      throw exhausted(reference, `${trouble} at once`);
    }
  }

  #lineAt(depth: number): LimitFunction {
    const line = this.#lines.get(depth) ?? pLimit(MAX_RUNNING);
    this.#lines.set(depth, line);
    return line;
  }
}

function ended(reference: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_ABORTED',
    `the call that \`${reference}\` was called in has ended`,
  );
}

function tooDeep(reference: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CALL_TOO_DEEP',
    `\`${reference}\` was called more than ${MAX_DEPTH} functions deep; look for functions that call each other without end`,
  );
}

function exhausted(reference: string, what: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CALL_EXHAUSTED',
    `\`${reference}\` was not called: one call made ${what}; pass lists, and await some answers first`,
  );
}
