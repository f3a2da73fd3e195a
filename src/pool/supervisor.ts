import type { WatchSlot } from '../codec/watch-slot.ts';
import type { PendingCall } from './call.ts';
import { type Executor, isInside, type KillReason } from './executor.ts';
import { MemoryWatch } from './memory-watch.ts';
import { OverdueEntries } from './overdue.ts';

const TICK_MS = 25;
const LATE_TICK_MS = 250;
// The worker keeps the deadlines of calls itself, unless it cannot.
const GRACE_MS = 150;
// A call that its caller gave up may begin only now and hang: the watch goes on for a while (10 s).
const LINGER_TICKS = 400;

/** What the supervisor looks after. */
export interface Supervised {
  executors(): readonly Executor[];
  /** Every call that has not settled, waiting or sent. */
  calls(): Iterable<PendingCall>;
  isIdle(): boolean;
  onLate(call: PendingCall): void;
  /** Its memory stays near the ceiling, whatever isolates go. */
  onFull(executor: Executor): void;
  /** What else is to be looked at now and then. */
  onTick(): void;
}

/**
 * Watches the executors from outside while calls are pending: kills one whose thread is overdue inside
 * a guest, that does not answer, or whose memory is over the ceiling, and fails calls whose deadline has
 * passed wherever they are. Sleeps while nothing is pending.
 */
export class Supervisor {
  readonly #supervised: Supervised;
  #timer: NodeJS.Timeout | undefined;
  #idleTicks = 0;
  #tickedAt = 0;
  readonly #memory: MemoryWatch;
  readonly #overdue = new OverdueEntries();

  /** `memoryMb`: ceiling of each executor process, in MB. */
  constructor(supervised: Supervised, memoryMb: number) {
    this.#supervised = supervised;
    this.#memory = new MemoryWatch(memoryMb, (executor) => supervised.onFull(executor));
  }

  wake(): void {
    this.#idleTicks = 0;
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Nothing is pending, and no thread is inside a guest, also not for a caller that is gone. */
  #isQuiet(): boolean {
    if (!this.#supervised.isIdle()) return false;
    const slots = this.#supervised.executors().flatMap((executor) => executor.watch());
    return slots.every((slot) => slot !== undefined && !isInside(slot));
  }

  /** This process was stopped or blocked itself: what it sees now says nothing of others. */
  #isLate(): boolean {
    const now = performance.now();
    const isLate = now - this.#tickedAt > LATE_TICK_MS;
    this.#tickedAt = now;
    return isLate;
  }

  #tick(): void {
    this.#idleTicks = this.#isQuiet() ? this.#idleTicks + 1 : 0;
    if (this.#idleTicks > LINGER_TICKS) return this.stop();
    const isLate = this.#isLate();
    for (const executor of this.#supervised.executors()) {
      if (isLate) this.#overdue.forget(executor);
      const slots = executor.watch();
      const stuck = this.#overdue.look(executor, slots) ?? silent(executor, slots, isLate);
      if (stuck !== undefined) executor.kill(stuck);
    }
    this.#memory.tick(this.#supervised.executors());
    this.#supervised.onTick();
    const now = performance.now();
    for (const call of this.#supervised.calls()) {
      // The worker keeps the deadline; this is for when it cannot, and for calls that wait.
      if (now > call.deadline + GRACE_MS) this.#supervised.onLate(call);
    }
  }
}

/** A thread that is in no guest answers at once, unless its process was stopped or is broken. */
function silent(
  executor: Executor,
  slots: readonly (WatchSlot | undefined)[],
  isExcused: boolean,
): KillReason | undefined {
  const now = performance.now();
  const isSilent = slots.some((slot, index) => {
    const isBusy = isExcused || slot === undefined || isInside(slot);
    return executor.lanes[index]?.isSilent(now, isBusy) === true;
  });
  return isSilent ? { kind: 'silent' } : undefined;
}
