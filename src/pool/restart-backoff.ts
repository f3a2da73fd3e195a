const QUIET_MS = 10_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;

/**
 * When an executor may be started in place of one that ended: at once after a quiet time, then ever later,
 * by at most a second. All times in ms, on one clock.
 */
export class RestartBackoff {
  #last = Number.NEGATIVE_INFINITY;
  #inARow = 0;

  ended(now: number): void {
    this.#inARow = now - this.#last < QUIET_MS ? this.#inARow + 1 : 0;
    this.#last = now;
  }

  /** How long to wait from `now` on. */
  waitMs(now: number): number {
    if (this.#inARow === 0) return 0;
    const pause = Math.min(FIRST_WAIT_MS * 2 ** (this.#inARow - 1), LONGEST_WAIT_MS);
    return Math.max(0, this.#last + pause - now);
  }
}
