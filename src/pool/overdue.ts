import { monotonicMs } from '../codec/call-frame.ts';
import type { WatchSlot } from '../codec/watch-slot.ts';
import { type Executor, isInside, type KillReason } from './executor.ts';
import { processCpuMs } from './process-cpu.ts';

// How long past its limit an entry may be before it counts as one that cannot be interrupted.
const GRACE_MS = 150;
// What of that the process must have been running, for each thread that was inside a guest: on a busy
// machine, what would interrupt the entry may not have had its turn.
const GRACE_CPU_MS = 100;
const LONGEST_GRACE_MS = 1500;

/** An entry that is past its limit. */
interface Overdue {
  readonly lane: number;
  readonly sequence: number;
  /** When it was noticed, ms. */
  readonly atMs: number;
  /** Of the process, when it was noticed. */
  readonly cpuMs: number | undefined;
}

/** Tells which executor has a thread that will not come back from a guest. */
export class OverdueEntries {
  readonly #noticed = new WeakMap<Executor, readonly Overdue[]>();

  /** Begins anew with what is overdue there. */
  forget(executor: Executor): void {
    this.#noticed.delete(executor);
  }

  /** Looks at an executor and its threads' slots; to be called every few ms. */
  look(executor: Executor, slots: readonly (WatchSlot | undefined)[]): KillReason | undefined {
    const nowMs = monotonicMs();
    const late = [...slots.entries()].filter(([, slot]) => lateMs(slot, nowMs) > 0);
    if (late.length === 0) {
      this.#noticed.delete(executor);
      return undefined;
    }
    const inside = slots.filter((slot) => slot !== undefined && isInside(slot)).length;
    const cpuMs = processCpuMs(executor.pid);
    const known = this.#noticed.get(executor) ?? [];
    const noticed = late.map(([lane, slot]) => {
      const sequence = slot?.sequence ?? 0;
      const before = known.find((one) => one.lane === lane && one.sequence === sequence);
      return before ?? { lane, sequence, atMs: nowMs, cpuMs };
    });
    this.#noticed.set(executor, noticed);
    for (const [index, [lane, slot]] of late.entries()) {
      const usedMs = (cpuMs ?? Number.POSITIVE_INFINITY) - (noticed[index]?.cpuMs ?? 0);
      const seenMs = nowMs - (noticed[index]?.atMs ?? nowMs);
      const isStuck = usedMs >= GRACE_CPU_MS * inside || seenMs > LONGEST_GRACE_MS;
      if (isStuck && lateMs(slot, nowMs) > GRACE_MS && slot !== undefined) {
        return { kind: 'overdue', slot, lane };
      }
    }
    return undefined;
  }
}

function lateMs(slot: WatchSlot | undefined, nowMs: number): number {
  if (slot === undefined || !isInside(slot)) return 0;
  return nowMs - slot.startedMs - slot.limitMs;
}
