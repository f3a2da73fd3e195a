import type { PendingCall } from './call.ts';
import { type Executor, isInside } from './executor.ts';
import { readProcFile } from './proc-file.ts';

const TICK_MS = 25;
// How long past its limit an entry may be before it counts as one that cannot be interrupted.
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
 * a guest or whose memory is over the ceiling, and fails calls whose deadline has passed wherever they
 * are. Sleeps while nothing is pending.
 */
export class Supervisor {
  readonly #supervised: Supervised;
  readonly #memoryMb: number;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #idleTicks = 0;
  #heavy = new WeakSet<Executor>();

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
      killOverdue(executor);
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

function killOverdue(executor: Executor): void {
  const nowMs = Number(process.hrtime.bigint() / 1000n) / 1000;
  for (const [lane, slot] of executor.watch().entries()) {
    if (slot === undefined || !isInside(slot)) continue;
    if (nowMs - slot.startedMs > slot.limitMs + GRACE_MS) {
      return executor.kill({ kind: 'overdue', slot, lane });
    }
  }
}

/** Resident memory of a process in MB; undefined where the system does not tell (no /proc). */
function residentMb(pid: number | undefined): number | undefined {
  const pages = readProcFile(`/proc/${pid}/statm`)?.split(' ')[1];
  return pages === undefined ? undefined : (Number(pages) * PAGE_BYTES) / 2 ** 20;
}
