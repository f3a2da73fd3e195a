import type { PendingCall } from './call.ts';
import { type Executor, isInside, type KillReason } from './executor.ts';
import { OverdueEntries } from './overdue.ts';
import { readProcFile } from './proc-file.ts';

const TICK_MS = 25;
// The worker keeps the deadlines of calls itself, unless it cannot.
const GRACE_MS = 150;
// Memory is looked at every so many ticks, and at each one where half of the ceiling is reached.
const MEMORY_EVERY = 8;
// Idle isolates may have full heaps, each within its limit: from this part of the ceiling on they go.
const MAKE_ROOM_AT = 0.7;
// A call that its caller gave up may begin only now and hang: the watch goes on for a while (10 s).
const LINGER_TICKS = 400;
const PAGE_BYTES = 4096;

/** What the supervisor looks after. */
export interface Supervised {
  executors(): readonly Executor[];
  /** Every call that has not settled, waiting or sent. */
  calls(): Iterable<PendingCall>;
  isIdle(): boolean;
  onLate(call: PendingCall): void;
}

/**
 * Watches the executors from outside while calls are pending: kills one whose thread is overdue inside
 * a guest, that does not answer, or whose memory is over the ceiling, and fails calls whose deadline has passed wherever they
 * are. Sleeps while nothing is pending.
 */
export class Supervisor {
  readonly #supervised: Supervised;
  readonly #memoryMb: number;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #idleTicks = 0;
  readonly #heavy = new WeakSet<Executor>();
  readonly #overdue = new OverdueEntries();

  /** `memoryMb`: ceiling of each executor process, in MB. */
  constructor(supervised: Supervised, memoryMb: number) {
    this.#supervised = supervised;
    this.#memoryMb = memoryMb;
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

  #tick(): void {
    this.#ticks += 1;
    this.#idleTicks = this.#isQuiet() ? this.#idleTicks + 1 : 0;
    if (this.#idleTicks > LINGER_TICKS) return this.stop();
    for (const executor of this.#supervised.executors()) {
      const stuck = this.#overdue.look(executor) ?? silent(executor);
      if (stuck !== undefined) executor.kill(stuck);
      if (this.#ticks % MEMORY_EVERY === 0 || this.#heavy.has(executor)) this.#weigh(executor);
    }
    const now = performance.now();
    for (const call of this.#supervised.calls()) {
      // The worker keeps the deadline; this is for when it cannot, and for calls that wait.
      if (now > call.deadline + GRACE_MS) this.#supervised.onLate(call);
    }
  }

  #weigh(executor: Executor): void {
    const mb = residentMb(executor.pid);
    if (mb === undefined) return;
    if (mb > this.#memoryMb) executor.kill({ kind: 'memory', mb });
    if (mb > this.#memoryMb * MAKE_ROOM_AT) {
      for (const lane of executor.lanes) lane.isolates.retireIdle();
    }
    if (mb > this.#memoryMb / 2) this.#heavy.add(executor);
    else this.#heavy.delete(executor);
  }
}

/** A thread that is in no guest answers at once, unless its process was stopped or is broken. */
function silent(executor: Executor): KillReason | undefined {
  const now = performance.now();
  const isSilent = executor.watch().some((slot, index) => {
    const isBusy = slot === undefined || isInside(slot);
    return executor.lanes[index]?.isSilent(now, isBusy) === true;
  });
  return isSilent ? { kind: 'silent' } : undefined;
}

/** Resident memory of a process in MB; undefined where the system does not tell (no /proc). */
function residentMb(pid: number | undefined): number | undefined {
  const pages = readProcFile(`/proc/${pid}/statm`)?.split(' ')[1];
  return pages === undefined ? undefined : (Number(pages) * PAGE_BYTES) / 2 ** 20;
}
