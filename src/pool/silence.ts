const SILENT_MS = 3000;

/** Whether somebody who should answer at once gives no sign. Times in ms, on one clock. */
export class Silence {
  #heardAt = 0;
  #askedAt: number | undefined;

  /** There was a sign, or none is to be expected now. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#askedAt = undefined;
  }

  /** Asks for a sign if there was none for a while; true if none came for as long again. */
  isSilent(now: number, ask: () => void): boolean {
    if (this.#askedAt !== undefined) return now - this.#askedAt > SILENT_MS;
    if (now - this.#heardAt <= SILENT_MS) return false;
    this.#askedAt = now;
    ask();
    return false;
  }
}
