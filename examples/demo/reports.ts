/** What the programs of the demo tell each other over the channel between parent and child. */

export type Step = 'version 1' | 'version 2' | 'version 3' | 'rollback';

export type Order = { order: 'start' } | { order: 'publish'; step: Step } | { order: 'stop' };

/** What a server has done so far. A call that is in none of the answers was not answered rightly. */
export interface Tally {
  readonly calls: number;
  /** Calls that got exactly the answer which their version gives, by version. */
  readonly right: Readonly<Record<number, number>>;
  /** Calls that settled with anything else. */
  readonly wrong: number;
  /** The longest that a call took. */
  readonly slowestMs: number;
  /** The first few wrong ones, in words. */
  readonly troubles: readonly string[];
}

export type Report =
  | { event: 'ready' }
  | { event: 'serving'; version: number; at: number }
  | { event: 'tally'; tally: Tally }
  | { event: 'published'; version: number; startedAt: number; finishedAt: number }
  | { event: 'failed'; message: string };

/** How many calls of a tally did not get the right answer of the version they began on. */
export function lostOf(tally: Tally): number {
  return tally.calls - Object.values(tally.right).reduce((sum, count) => sum + count, 0);
}

/** Milliseconds on the clock of the machine, which all programs of the demo share. */
export function wallClock(): number {
  // Finer than Date.now(), which has whole milliseconds only.
  return performance.timeOrigin + performance.now();
}
