import { MAX_TIMERS } from '../src/codec/frame-kinds.ts';
import type { DueEntries } from './due-entries.ts';
import type { GuestRecord } from './records.ts';

const TIMER_BODY = 12;
// What Node and browsers make of a delay they cannot count.
const MAX_DELAY = 2 ** 31 - 1;

/** The clock of one isolate's timers. */
export class GuestTimers {
  readonly #running = new Map<number, NodeJS.Timeout>();
  readonly #due: DueEntries;
  readonly #owner: string;
  readonly #onDue: (timerId: number, callId: number) => void;

  /** @param owner the function's name: what is due takes turns with that of other functions */
  constructor(due: DueEntries, owner: string, onDue: (timerId: number, callId: number) => void) {
    this.#due = due;
    this.#owner = owner;
    this.#onDue = onDue;
  }

  /** Starts the timer of a TIMER record: u32 call, f64 delay in ms; detail 1 repeats. */
  start(record: GuestRecord): void {
    if (record.body.byteLength !== TIMER_BODY || this.#running.size >= MAX_TIMERS) return;
    const { id } = record;
    const callId = record.body.readUInt32LE(0);
    const repeats = record.detail === 1;
    const delay = clampDelay(record.body.readDoubleLE(4));
    this.clear(id);
    let isDue = false;
    const enter = (): void => {
      isDue = false;
      if (this.#running.get(id) !== timer) return;
      if (!repeats) this.#running.delete(id);
      this.#onDue(id, callId);
    };
    // An interval that is due again before it had its turn is due once.
    const ring = (): void => {
      if (!isDue) this.#due.add(this.#owner, enter);
      isDue = true;
    };
    const timer = repeats ? setInterval(ring, delay) : setTimeout(ring, delay);
    this.#running.set(id, timer);
  }

  clear(id: number): void {
    clearTimeout(this.#running.get(id));
    this.#running.delete(id);
  }

  clearAll(): void {
    for (const timer of this.#running.values()) clearTimeout(timer);
    this.#running.clear();
  }
}

function clampDelay(delay: number): number {
  return delay >= 1 && delay <= MAX_DELAY ? delay : 1;
}
