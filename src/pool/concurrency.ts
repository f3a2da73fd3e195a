import type { PendingCall } from './call.ts';
import { callKey } from './call-queue.ts';

/** Counts the calls that are on lanes, against each function's `maxConcurrency`. */
export class Concurrency {
  readonly #inside = new Set<PendingCall>();
  readonly #counts = new Map<string, number>();

  /** A call made by a guest always may: a call that is counted waits for it. */
  mayEnter(call: PendingCall): boolean {
    if (call.request.nested) return true;
    return (this.#counts.get(callKey(call)) ?? 0) < call.request.limits.maxConcurrency;
  }

  enter(call: PendingCall): void {
    const key = callKey(call);
    this.#inside.add(call);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  leave(call: PendingCall): void {
    if (!this.#inside.delete(call)) return;
    const key = callKey(call);
    const others = (this.#counts.get(key) ?? 1) - 1;
    if (others > 0) this.#counts.set(key, others);
    else this.#counts.delete(key);
  }

  has(call: PendingCall): boolean {
    return this.#inside.has(call);
  }
}
