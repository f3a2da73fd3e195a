// So long may entries follow each other before frames of the lane have their turn.
const TURN_MS = 5;

/**
 * What is due on one thread: functions take turns, with turns for the lane in between. Node's own timers
 * would leave it none as long as more of them are due: intervals of a millisecond, a thousand times.
 */
export class DueEntries {
  // By who enters. Insertion order is the turn: who was served goes to the end.
  readonly #lines = new Map<string, (() => void)[]>();
  #isScheduled = false;

  /**
   * @param owner the function's name
   * @param run enters an isolate, if that is still wanted when it is its turn
   */
  add(owner: string, run: () => void): void {
    const line = this.#lines.get(owner);
    if (line === undefined) this.#lines.set(owner, [run]);
    else line.push(run);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#runSome());
  }

  #runSome(): void {
    this.#isScheduled = false;
    const until = performance.now() + TURN_MS;
    do this.#runOne();
    while (this.#lines.size > 0 && performance.now() < until);
    if (this.#lines.size > 0) this.#schedule();
  }

  #runOne(): void {
    const [next] = this.#lines;
    if (next === undefined) return;
    const [owner, line] = next;
    this.#lines.delete(owner);
    const run = line.shift();
    if (line.length > 0) this.#lines.set(owner, line);
    run?.();
  }
}
