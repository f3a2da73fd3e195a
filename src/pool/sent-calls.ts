import { CALL_HEAD_BYTES } from '../codec/call-frame.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import type { PendingCall } from './call.ts';
import type { LaneIsolate } from './lane-isolate.ts';

/** A call that its worker has not answered. */
export interface SentCall {
  readonly call: PendingCall;
  readonly isolate: LaneIsolate;
  readonly bytes: number;
}

/**
 * The calls on a lane that its worker has not answered, by their ids. One that its caller has given up
 * keeps its place until then: it may be running, and as many as there are places could be.
 */
export class SentCalls {
  readonly #sent = new Map<number, SentCall>();
  readonly #functions = new Map<GuestFunction, number>();
  #bytes = 0;
  #awaited = 0;

  get size(): number {
    return this.#sent.size;
  }

  /** Of them, those that have not settled. */
  get awaited(): number {
    return this.#awaited;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whose they are, with their number. */
  get functions(): ReadonlyMap<GuestFunction, number> {
    return this.#functions;
  }

  entries(): Iterable<[number, SentCall]> {
    return this.#sent;
  }

  add(id: number, call: PendingCall, isolate: LaneIsolate): void {
    const { target, args } = call.request;
    const bytes = CALL_HEAD_BYTES + args.byteLength;
    this.#sent.set(id, { call, isolate, bytes });
    isolate.calls.set(id, call);
    this.#bytes += bytes;
    this.#awaited += 1;
    this.#functions.set(target, (this.#functions.get(target) ?? 0) + 1);
  }

  get(id: number): SentCall | undefined {
    return this.#sent.get(id);
  }

  has(id: number): boolean {
    return this.#sent.has(id);
  }

  /** The worker has answered: the place is free. */
  take(id: number): SentCall | undefined {
    const sent = this.#sent.get(id);
    if (sent === undefined) return undefined;
    this.#sent.delete(id);
    this.#bytes -= sent.bytes;
    const { target } = sent.call.request;
    const others = (this.#functions.get(target) ?? 1) - 1;
    if (others > 0) this.#functions.set(target, others);
    else this.#functions.delete(target);
    return sent;
  }

  /** Nobody waits for the call any more, whether it is answered or not. */
  settle(id: number, isolate: LaneIsolate): void {
    if (isolate.calls.delete(id)) this.#awaited -= 1;
  }

  clear(): void {
    this.#sent.clear();
    this.#functions.clear();
    this.#bytes = 0;
    this.#awaited = 0;
  }
}
