import { clearTimeout, setTimeout as startTimer } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import type { PendingCall } from './call.ts';
import { Executor, type ExecutorDeath, type ExecutorEnd } from './executor.ts';
import type { Ids } from './ids.ts';
import type { Lane } from './lane.ts';
import type { LaneIsolate } from './lane-isolate.ts';
import type { PoolOptions } from './pool-options.ts';
import { RestartBackoff } from './restart-backoff.ts';

export interface ExecutorsEvents {
  onRoom(): void;
  onCost(isolate: LaneIsolate, ms: number): void;
  onLeft(call: PendingCall): void;
  onNotBegun(call: PendingCall): void;
  onEmpty(lane: Lane, isolate: LaneIsolate): void;
  /** An executor ends or has ended without being asked to. */
  onDeath(executor: Executor, death: ExecutorDeath): void;
  onEnd(end: ExecutorEnd): void;
}

/** The executor processes of a pool: started when first needed, replaced when one ends. */
export class Executors {
  readonly #options: PoolOptions;
  readonly #events: ExecutorsEvents;
  readonly #ids: Ids;
  readonly #backoff = new RestartBackoff();
  #restart: NodeJS.Timeout | undefined;
  #running: Executor[] = [];
  #lanes: readonly Lane[] = [];
  readonly #draining = new Set<Executor>();
  #closed = false;

  constructor(options: PoolOptions, ids: Ids, events: ExecutorsEvents) {
    this.#options = options;
    this.#ids = ids;
    this.#events = events;
  }

  /** Those that end when they are done with what they have, too. */
  all(): readonly Executor[] {
    return this.#draining.size === 0 ? this.#running : [...this.#running, ...this.#draining];
  }

  /** Gives it nothing more; another one takes its place. False if it is none of these. */
  drain(executor: Executor): boolean {
    if (!this.#running.includes(executor)) return false;
    this.#remove(executor);
    this.#draining.add(executor);
    return true;
  }

  /** Ends those that are drained. To be called now and then. */
  endDrained(): void {
    for (const executor of this.#draining) {
      if (executor.lanes.some((lane) => !lane.isIdle)) continue;
      this.#draining.delete(executor);
      void executor.close();
    }
  }

  /**
   * The lanes of all executors, started now as far as they are missing. After several have ended in a row
   * there may be fewer for a moment, or none; `onRoom` tells when to ask again.
   */
  lanes(): readonly Lane[] {
    if (this.#running.length < this.#options.processes && !this.#closed) this.#startMissing();
    return this.#lanes;
  }

  /** The same, and at least one: waits until one may be started. None only if this was closed. */
  async startedLanes(): Promise<readonly Lane[]> {
    while (this.lanes().length === 0 && !this.#closed) {
      await setTimeout(this.#backoff.waitMs(performance.now()) + 1);
    }
    return this.#lanes;
  }

  /** None has come to life for a few times. */
  get isHopeless(): boolean {
    return this.#backoff.isHopeless;
  }

  lanesIfStarted(): readonly Lane[] {
    return this.#draining.size === 0 ? this.#lanes : this.all().flatMap(({ lanes }) => lanes);
  }

  /** Ends those that run, after the calls they have; others are started when they are needed. */
  async end(): Promise<void> {
    const running = this.all();
    this.#running = [];
    this.#lanes = [];
    this.#draining.clear();
    await Promise.all(running.map((executor) => executor.close()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    await this.end();
  }

  #startMissing(): void {
    const waitMs = this.#backoff.waitMs(performance.now());
    if (waitMs > 0) {
      this.#restart ??= startTimer(() => {
        this.#restart = undefined;
        this.#events.onRoom();
      }, waitMs);
      return;
    }
    try {
      while (this.#running.length < this.#options.processes) this.#running.push(this.#start());
    } finally {
      this.#lanes = this.#running.flatMap((executor) => executor.lanes);
    }
  }

  #start(): Executor {
    const { threads, blankMemoryMb, env } = this.#options;
    return new Executor({
      config: { threads, blankMemoryMb },
      maxIsolates: isolatesPerLane(this.#options),
      env,
      ids: this.#ids,
      events: (executor) => ({
        onRoom: this.#events.onRoom,
        onCost: this.#events.onCost,
        onLeft: this.#events.onLeft,
        onNotBegun: this.#events.onNotBegun,
        onEmpty: this.#events.onEmpty,
        onBroken: (error) => executor.kill({ kind: 'broken', error }),
      }),
      onDying: (executor, death) => {
        this.#remove(executor);
        this.#backoff.ended(performance.now(), !death.stillborn);
        this.#events.onDeath(executor, death);
      },
      onEnd: (end) => {
        this.#remove(end.executor);
        this.#events.onEnd(end);
      },
    });
  }

  #remove(gone: Executor): void {
    this.#draining.delete(gone);
    this.#running = this.#running.filter((executor) => executor !== gone);
    this.#lanes = this.#running.flatMap((executor) => executor.lanes);
  }
}

// What a process with nothing loaded takes, and a small function's isolate, measured; and what part of
// the ceiling isolates that only wait to be called again may take.
const BARE_MB = 80;
const ISOLATE_MB = 3.2;
const IDLE_PART = 0.65;

function isolatesPerLane({ memoryMb, threads }: PoolOptions): number {
  const all = (memoryMb * IDLE_PART - BARE_MB) / ISOLATE_MB;
  return Math.max(4, Math.min(150, Math.floor(all / threads)));
}
