import { codeKey, type GuestFunction } from '../model/guest-function.ts';

export interface LeaseEvents {
  onUsed(target: GuestFunction): void;
  /** To be drained. */
  onUnused(target: GuestFunction): void;
}

/** Counts who serves which code, and tells when the first one begins and the last one stops. */
export class Leases {
  readonly #counts = new Map<string, number>();
  readonly #events: LeaseEvents;

  constructor(events: LeaseEvents) {
    this.#events = events;
  }

  take(target: GuestFunction): void {
    const key = codeKey(target);
    const others = this.#counts.get(key) ?? 0;
    this.#counts.set(key, others + 1);
    if (others === 0) this.#events.onUsed(target);
  }

  release(target: GuestFunction): void {
    const key = codeKey(target);
    const others = (this.#counts.get(key) ?? 1) - 1;
    if (others > 0) {
      this.#counts.set(key, others);
      return;
    }
    this.#counts.delete(key);
    this.#events.onUnused(target);
  }
}
