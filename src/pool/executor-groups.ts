import { clearTimeout, setTimeout } from 'node:timers';
import type { Executor, ExecutorDeath } from './executor.ts';
import { Executors, type ExecutorsEvents } from './executors.ts';
import { countIds } from './ids.ts';
import type { Lane } from './lane.ts';
import type { PoolOptions } from './pool-options.ts';
import { Suspects } from './suspects.ts';

const IDLE_MS = 5000;

/**
 * Where functions run: nearly all in the shared executors, and suspects apart from them, in one with a
 * single lane that takes one call at a time. That one is there while suspects are called.
 */
export class ExecutorGroups {
  readonly suspects = new Suspects();
  readonly #shared: Executors;
  readonly #apart: Executors;
  #idle: NodeJS.Timeout | undefined;
  #lastApart = 0;

  constructor(options: PoolOptions, events: Omit<ExecutorsEvents, 'onDeath'>) {
    const ids = countIds();
    this.#shared = new Executors(options, ids, {
      ...events,
      onDeath: (_executor, death) => this.#blameShared(death),
    });
    this.#apart = new Executors({ ...options, processes: 1, threads: 1 }, ids, {
      ...events,
      onDeath: (executor, death) => this.#blameApart(executor, death),
    });
  }

  /** Whether `name` runs apart. */
  isApart(name: string): boolean {
    return this.suspects.standing(name) !== 'clear';
  }

  all(): readonly Executor[] {
    return [...this.#shared.all(), ...this.#apart.all()];
  }

  /** The lanes that the function may run on; see {@link Executors.lanes}. */
  lanesFor(name: string): readonly Lane[] {
    return this.#for(name).lanes();
  }

  /** See {@link Executors.startedLanes}. */
  startedLanesFor(name: string): Promise<readonly Lane[]> {
    return this.#for(name).startedLanes();
  }

  /** See {@link Executors.isHopeless}. */
  isHopeless(name: string): boolean {
    return this.#for(name).isHopeless;
  }

  lanesIfStarted(): readonly Lane[] {
    return [...this.#shared.lanesIfStarted(), ...this.#apart.lanesIfStarted()];
  }

  /** See {@link Executors.drain}. */
  drain(executor: Executor): void {
    if (!this.#shared.drain(executor)) this.#apart.drain(executor);
  }

  /** See {@link Executors.endDrained}. */
  endDrained(): void {
    this.#shared.endDrained();
    this.#apart.endDrained();
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await Promise.all([this.#shared.close(), this.#apart.close()]);
  }

  #for(name: string): Executors {
    if (!this.isApart(name)) return this.#shared;
    this.#lastApart = performance.now();
    this.#endWhenIdle();
    return this.#apart;
  }

  #blameShared({ ending, inside }: ExecutorDeath): void {
    this.suspects.sharedEnded(ending, inside);
    // Other executors may have them, too; they finish what they have begun there.
    if (inside.length === 0) return;
    for (const { isolates } of this.#shared.lanesIfStarted()) {
      isolates.retireWhere(({ use }) => this.isApart(use.target.name));
    }
  }

  #blameApart(executor: Executor, { ending, inside }: ExecutorDeath): void {
    // It may also end a moment after a call was left: there was only one.
    const called = executor.lanes.flatMap(({ functions }) => [...functions.keys()]);
    const names = inside.length > 0 ? inside : called.map(({ name }) => name);
    // Calls that suspects make of each other may be there together: then memory tells nothing.
    if (ending === 'memory' && called.length > 1) this.suspects.sharedEnded(ending, names);
    else this.suspects.apartEnded(ending, names);
  }

  #endWhenIdle(): void {
    this.#idle ??= setTimeout(() => {
      this.#idle = undefined;
      const isBusy = this.#apart.lanesIfStarted().some((lane) => !lane.isIdle);
      if (isBusy || performance.now() - this.#lastApart < IDLE_MS) this.#endWhenIdle();
      else void this.#apart.end();
    }, IDLE_MS);
    this.#idle.unref();
  }
}
