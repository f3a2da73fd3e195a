const SILENT_MS = 3000;
// A process that has much to share its processor with takes its time to start.
const SILENT_AT_START_MS = 30_000;

/** Whether somebody who should answer at once gives no sign. Times in ms, on one clock. */
export class Silence {
  #heardAt: number | undefined;
  #askedAt: number | undefined;
  #limitMs = SILENT_AT_START_MS;

  /** There was a sign. */
  heard(now: number): void {
    this.#limitMs = SILENT_MS;
    this.excuse(now);
  }

  /** None is to be expected now. */
  excuse(now: number): void {
    this.#heardAt = now;
    this.#askedAt = undefined;
  }

  /** Asks for a sign if there was none for a while; true if none came for as long again. */
  isSilent(now: number, ask: () => void): boolean {
    this.#heardAt ??= now;
    if (this.#askedAt !== undefined) return now - this.#askedAt > this.#limitMs;
    if (now - this.#heardAt <= SILENT_MS) return false;
    this.#askedAt = now;
    ask();
    return false;
  }
}
