/** AbortSignal of the DOM Standard (https://dom.spec.whatwg.org/#interface-abortsignal). */
import { newDOMException } from '../dom-error.ts';
import { setTimeout } from '../timers.ts';
import { Event } from './event.ts';
import { EventHandler } from './event-handler.ts';
import { EventTarget } from './event-target.ts';
import { asInterface } from './web-interface.ts';

// A timer of the guest's cannot be longer, and no call lasts so long.
const MAX_TIMER_MS = 2 ** 31 - 1;
const OURS = Symbol('constructed here');

/** Makes a signal; guests cannot. */
export let newSignal: () => AbortSignal;
/** Aborts a signal and those that depend on it. */
export let abortSignal: (signal: AbortSignal, reason: unknown) => void;

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown;
  readonly #onabort = new EventHandler();
  /** Signals that `any` made of this one. */
  #dependents: AbortSignal[] = [];
  /** What `any` made this one of; none of these depends on another signal. */
  #sources: readonly AbortSignal[] = [];

  static {
    newSignal = () => new AbortSignal(OURS);
    abortSignal = (signal, reason) => signal.#abort(reason);
  }

  constructor(creator: unknown) {
    if (creator !== OURS) throw new TypeError('Illegal constructor');
    super();
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = newSignal();
    signal.#settle(reason);
    return signal;
  }

  static timeout(milliseconds: unknown): AbortSignal {
    const ms = Math.trunc(Number(milliseconds));
    if (!(ms >= 0 && ms <= Number.MAX_SAFE_INTEGER)) {
      throw new TypeError('a timeout is a number of milliseconds from 0 to 2 ** 53 - 1');
    }
    const signal = newSignal();
    const expire = (): void => {
      const message = 'The operation was aborted due to timeout';
      signal.#abort(newDOMException(message, 'TimeoutError'));
    };
    if (ms <= MAX_TIMER_MS) setTimeout(expire, ms);
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const given = [...signals];
    // Each is looked at first: what is no signal throws.
    const sources = new Set(
      given.flatMap((one) => (one.#sources.length > 0 ? one.#sources : [one])),
    );
    const signal = newSignal();
    const aborted = given.find((one) => one.#aborted);
    if (aborted !== undefined) {
      signal.#settle(aborted.#reason);
      return signal;
    }
    signal.#sources = [...sources];
    for (const source of sources) source.#dependents.push(signal);
    return signal;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get onabort(): unknown {
    return this.#onabort.handler;
  }

  set onabort(handler: unknown) {
    this.#onabort.set(this, 'abort', handler);
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  #abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#settle(reason);
    const dependents = this.#dependents.filter((one) => !one.#aborted);
    this.#dependents = [];
    // All are aborted before the first of them tells.
    for (const dependent of dependents) dependent.#settle(this.#reason);
    for (const signal of [this, ...dependents]) signal.dispatchEvent(new Event('abort'));
  }

  #settle(reason: unknown): void {
    this.#aborted = true;
    this.#reason =
      reason === undefined ? newDOMException('This operation was aborted', 'AbortError') : reason;
    for (const source of this.#sources) {
      source.#dependents = source.#dependents.filter((one) => one !== this);
    }
    this.#sources = [];
  }
}

asInterface(AbortSignal);
