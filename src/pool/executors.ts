import type { PendingCall } from './call.ts';
import { Executor, type ExecutorEnd } from './executor.ts';
import { countIds, type Ids } from './ids.ts';
import type { Lane } from './lane.ts';
import type { LaneIsolate } from './lane-isolate.ts';
import type { PoolOptions } from './pool-options.ts';

export interface ExecutorsEvents {
  onRoom(): void;
  onCost(isolate: LaneIsolate, ms: number): void;
  onNotBegun(call: PendingCall): void;
  onEmpty(lane: Lane, isolate: LaneIsolate): void;
  onEnd(end: ExecutorEnd): void;
}

/** The executor processes of a pool: started when first needed, replaced when one ends. */
export class Executors {
  /** Executors that ended without being asked to. */
  restarts = 0;
  readonly #options: PoolOptions;
  readonly #events: ExecutorsEvents;
  readonly #ids: Ids = countIds();
  #running: Executor[] = [];
  #lanes: readonly Lane[] = [];
  #closed = false;

  constructor(options: PoolOptions, events: ExecutorsEvents) {
    this.#options = options;
    this.#events = events;
  }

  all(): readonly Executor[] {
    return this.#running;
  }

  /** The lanes of all executors, started now as far as they are missing. */
  lanes(): readonly Lane[] {
    if (this.#running.length < this.#options.processes && !this.#closed) {
      while (this.#running.length < this.#options.processes) this.#running.push(this.#start());
      this.#lanes = this.#running.flatMap((executor) => executor.lanes);
    }
    return this.#lanes;
  }

  lanesIfStarted(): readonly Lane[] {
    return this.#lanes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#running.map((executor) => executor.close()));
  }

  #start(): Executor {
    const { threads, blankMemoryMb, env } = this.#options;
    return new Executor({
      config: { threads, blankMemoryMb },
      env,
      ids: this.#ids,
      events: (executor) => ({
        onRoom: this.#events.onRoom,
        onCost: this.#events.onCost,
        onNotBegun: this.#events.onNotBegun,
        onEmpty: this.#events.onEmpty,
        onBroken: (error) => executor.kill({ kind: 'broken', error }),
      }),
      onDying: (executor) => this.#remove(executor),
      onEnd: (end) => this.#ended(end),
    });
  }

  #ended(end: ExecutorEnd): void {
    this.#remove(end.executor);
    if (!this.#closed) this.restarts += 1;
    this.#events.onEnd(end);
  }

  #remove(gone: Executor): void {
    this.#running = this.#running.filter((executor) => executor !== gone);
    this.#lanes = this.#running.flatMap((executor) => executor.lanes);
  }
}
