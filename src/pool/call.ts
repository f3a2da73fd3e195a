import type { GuestFunction } from '../model/guest-function.ts';
import type { Limits } from '../model/limits.ts';
import type { GuestLogLine } from './guest-log.ts';
import type { Lane } from './lane.ts';

/** What a guest's request is answered with: an encoded value, or an encoded error. */
export interface GuestAnswer {
  readonly ok: boolean;
  readonly value: Uint8Array;
  /** To be called once the value has left this process, or is known not to. */
  readonly onLeft?: (() => void) | undefined;
}

/** A call as the pool is asked for it. */
export interface CallRequest {
  readonly target: GuestFunction;
  /** Encoded arguments. */
  readonly args: Uint8Array;
  readonly partition: string;
  readonly limits: Limits;
  /** Made by a guest's call of a linked function: goes ahead of the queue, since a call that holds a
   *  place on a lane waits for it. */
  readonly nested: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onLog: (line: GuestLogLine) => void;
  /** Calls the function behind `artifact.links[link]`; resolves to its encoded result. */
  readonly onLink: (link: number, args: Uint8Array) => Promise<Uint8Array>;
  /**
   * Calls a function of the capability `artifact.requires[index]`. `body`, which is valid only during
   * the call, has the path to it and the arguments. Never rejects.
   */
  readonly onCapability: (index: number, body: Buffer) => Promise<GuestAnswer>;
  /** Makes of the result's bytes, which are valid only during the call, what the call resolves to. */
  readonly read: (bytes: Buffer) => unknown;
}

/** A call on its way through the pool. */
export class PendingCall {
  readonly request: CallRequest;
  /** On the clock of `performance.now()`, ms. */
  readonly deadline: number;
  /** How often it was sent to an executor that ended before the call began. */
  resent = 0;
  /** How often a worker has given it back before it began. */
  returned = 0;
  settled = false;
  /** Where it was sent last, and as what; id 0 before that. */
  lane: Lane | undefined;
  idOnLane = 0;
  /** Kept by the queue that it waits in. */
  isQueued = false;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  #onSettled: (() => void) | undefined;
  #onEnd: (() => void) | undefined;

  constructor(
    request: CallRequest,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    this.request = request;
    this.deadline = performance.now() + request.limits.timeoutMs;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Calls back when the call settles, however it does; the last callback given counts. */
  onSettled(callback: (() => void) | undefined): void {
    this.#onSettled = callback;
  }

  /** The same for the pool, which has the call before, between and after lanes. */
  onEnd(callback: () => void): void {
    this.#onEnd = callback;
  }

  /** Settles with a result's bytes; what `read` throws is the outcome then. */
  succeed(bytes: Buffer): void {
    if (this.settled) return;
    let value: unknown;
    try {
      value = this.request.read(bytes);
    } catch (error) {
      return this.fail(error);
    }
    this.#settle();
    this.#resolve(value);
  }

  fail(error: unknown): void {
    if (this.settled) return;
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    this.settled = true;
    this.#onSettled?.();
    this.#onEnd?.();
  }
}
