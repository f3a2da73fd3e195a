import type { GuestFunction } from '../model/guest-function.ts';

/** Counts who serves which code; what nobody serves any more is given to `onUnused`, to drain. */
export class Leases {
  readonly #counts = new Map<string, number>();
  readonly #onUnused: (target: GuestFunction) => void;

  constructor(onUnused: (target: GuestFunction) => void) {
    this.#onUnused = onUnused;
  }

  take(target: GuestFunction): void {
    const key = keyOf(target);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  release(target: GuestFunction): void {
    const key = keyOf(target);
    const others = (this.#counts.get(key) ?? 1) - 1;
    if (others > 0) {
      this.#counts.set(key, others);
      return;
    }
    this.#counts.delete(key);
    this.#onUnused(target);
  }
}

// Two versions with the same code share their isolates, and so a lease.
function keyOf(target: GuestFunction): string {
  return `${target.name}@${target.digest}`;
}
