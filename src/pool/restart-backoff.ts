const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;
const HOPELESS = 3;

/**
 * When an executor may be started in place of one that ended: at once if that one could run, so that
 * those who share it with a hostile function wait for as little as can be; if it crashed as it started, ever
 * later, by at most a second. All times in ms, on one clock.
 */
export class RestartBackoff {
  #last = 0;
  #inARow = 0;

  /** @param ran false if it crashed before it had come to life */
  ended(now: number, ran: boolean): void {
    this.#last = now;
    this.#inARow = ran ? 0 : this.#inARow + 1;
  }

  /** So many never came to life that whoever waits for the next one had better be told. */
  get isHopeless(): boolean {
    return this.#inARow >= HOPELESS;
  }

  /** How long to wait from `now` on. */
  waitMs(now: number): number {
    if (this.#inARow === 0) return 0;
    const pause = Math.min(FIRST_WAIT_MS * 2 ** (this.#inARow - 1), LONGEST_WAIT_MS);
    return Math.max(0, this.#last + pause - now);
  }
}
