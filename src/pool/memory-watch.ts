import type { Executor } from './executor.ts';
import { residentMb } from './process-memory.ts';

// Memory is looked at every so many ticks, and at each one where half of the ceiling is reached.
const EVERY = 8;
// Idle isolates may have full heaps, each within its limit: from this part of the ceiling on they go.
const MAKE_ROOM_AT = 0.7;
// Until then, not those that are called again and again.
const REST_MS = 250;
const MAKE_ALL_ROOM_AT = 0.9;
// What does not help for so long is nothing that isolates hold, such as what ICU keeps for the process.
const FULL_AT = 0.8;
const FULL_FOR_MS = 3000;
const REPLACE_EVERY_MS = 30_000;

/** Keeps executors below their memory ceiling: idle isolates go, then the process is replaced, then killed. */
export class MemoryWatch {
  readonly #ceilingMb: number;
  readonly #replace: (executor: Executor) => void;
  readonly #heavy = new WeakSet<Executor>();
  readonly #fullSince = new WeakMap<Executor, number>();
  #replacedAt = Number.NEGATIVE_INFINITY;
  #ticks = 0;

  /** @param replace gives an executor nothing more, and ends it when it is done with what it has */
  constructor(ceilingMb: number, replace: (executor: Executor) => void) {
    this.#ceilingMb = ceilingMb;
    this.#replace = replace;
  }

  /** Looks at those whose turn it is. */
  tick(executors: readonly Executor[]): void {
    this.#ticks += 1;
    for (const executor of executors) {
      if (this.#ticks % EVERY === 0 || this.#heavy.has(executor)) this.#look(executor);
    }
  }

  #look(executor: Executor): void {
    const mb = residentMb(executor.pid);
    if (mb === undefined) return;
    if (mb > this.#ceilingMb) return executor.kill({ kind: 'memory', mb });
    const part = mb / this.#ceilingMb;
    if (part > MAKE_ROOM_AT) {
      const restMs = part > MAKE_ALL_ROOM_AT ? 0 : REST_MS;
      for (const lane of executor.lanes) lane.isolates.retireIdle(restMs);
    }
    if (part > 0.5) this.#heavy.add(executor);
    else this.#heavy.delete(executor);
    this.#replaceFull(executor, part > FULL_AT);
  }

  #replaceFull(executor: Executor, isFull: boolean): void {
    if (!isFull) return void this.#fullSince.delete(executor);
    const now = performance.now();
    const since = this.#fullSince.get(executor) ?? now;
    this.#fullSince.set(executor, since);
    if (now - since < FULL_FOR_MS || now - this.#replacedAt < REPLACE_EVERY_MS) return;
    this.#replacedAt = now;
    this.#replace(executor);
  }
}
