// So long may entries follow each other before frames of the lane have their turn.
const TURN_MS = 5;

/**
 * What is due on one thread, one after the other, with turns for the lane in between. Node's own timers
 * would leave it none as long as more of them are due: intervals of a millisecond, a thousand times.
 */
export class DueEntries {
  #due: (() => void)[] = [];
  #isScheduled = false;

  /** @param run enters an isolate, if that is still wanted when it is its turn */
  add(run: () => void): void {
    this.#due.push(run);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#runSome());
  }

  #runSome(): void {
    this.#isScheduled = false;
    const due = this.#due;
    this.#due = [];
    const until = performance.now() + TURN_MS;
    let done = 0;
    while (done < due.length && (done === 0 || performance.now() < until)) {
      due[done]?.();
      done += 1;
    }
    if (done < due.length) this.#due = [...due.slice(done), ...this.#due];
    if (this.#due.length > 0) this.#schedule();
  }
}
