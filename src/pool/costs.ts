import type { GuestFunction } from '../model/guest-function.ts';

// Entries longer than this delay their neighbours noticeably: such functions keep to lanes of their own.
const SLOW_MS = 5;
const WEIGHT = 0.2;

/** How long each version's calls take inside an isolate, as far as it is known. */
export class Costs {
  readonly #averages = new WeakMap<GuestFunction, number>();

  record(target: GuestFunction, ms: number): void {
    const average = this.#averages.get(target);
    this.#averages.set(target, average === undefined ? ms : average + WEIGHT * (ms - average));
  }

  isMeasured(target: GuestFunction): boolean {
    return this.#averages.has(target);
  }

  isSlow(target: GuestFunction): boolean {
    return (this.#averages.get(target) ?? 0) > SLOW_MS;
  }
}
