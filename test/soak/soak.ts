import { AssertionError } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createScatter,
  isScatterError,
  type Scatter,
  type ScatterFunction,
  type ScatterStats,
} from '../../src/index.ts';
import { type Honest, openHonest } from './honest.ts';
import { ALWAYS_ALLOWED, HOSTILE, type Hostile } from './hostile.ts';
import { growthOf, type MemorySample, sampleMemory } from './memory.ts';
import { Pushed } from './pushed.ts';
import { Tally } from './tally.ts';

const HONEST_CALLERS = 8;
const HOSTILE_CALLERS = 2;
const CALLS_PER_NAME = 5;
const KILL_EVERY_MS = 3000;
const PUSH_EVERY_MS = 1000;
const SAMPLE_EVERY_MS = 5000;
const SETTLE_MS = 60_000;
const HOSTILE_LIMITS = { cpuMs: 60, timeoutMs: 10_000, memoryMb: 24 };

export interface SoakResult {
  readonly minutes: number;
  readonly tally: Tally;
  readonly kills: number;
  readonly pushes: number;
  readonly memory: readonly MemorySample[];
  readonly stats: ScatterStats;
  /** What must not be, in words; empty when all is well. */
  readonly failures: readonly string[];
}

/**
 * Honest and hostile functions in one instance, while executors are killed and versions pushed.
 *
 * @param random between 0 and 1, so that a run can be repeated as far as time allows
 */
export async function soak(
  minutes: number,
  random: () => number,
  onProgress: (text: string) => void,
): Promise<SoakResult> {
  const scatter = createScatter({
    url: 'memory:',
    pool: { threads: 2, memoryMb: 500 },
    limits: { cpuMs: 10_000, memoryMb: 2000 },
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  const run = new Soak(scatter, minutes, random, onProgress);
  try {
    return await run.run();
  } finally {
    await scatter.close();
  }
}

function ignore(): void {
  // What guests print and why executors end is counted, not shown.
}

class Soak {
  readonly #scatter: Scatter;
  readonly #minutes: number;
  readonly #random: () => number;
  readonly #onProgress: (text: string) => void;
  readonly #tally = new Tally();
  readonly #pushed: Pushed;
  readonly #memory: MemorySample[] = [];
  readonly #began = performance.now();
  #kills = 0;
  #n = 0;

  constructor(
    scatter: Scatter,
    minutes: number,
    random: () => number,
    onProgress: (text: string) => void,
  ) {
    this.#scatter = scatter;
    this.#minutes = minutes;
    this.#random = random;
    this.#onProgress = onProgress;
    this.#pushed = new Pushed(scatter);
  }

  async run(): Promise<SoakResult> {
    await this.#pushed.push();
    const honest = [...(await openHonest(this.#scatter)), await this.#pushed.open()];
    const loops = [
      ...Array.from({ length: HONEST_CALLERS }, () => this.#repeat(() => this.#behave(honest), 0)),
      ...Array.from({ length: HOSTILE_CALLERS }, () => this.#repeat(() => this.#attack(), 5)),
      this.#repeat(() => this.#kill(), KILL_EVERY_MS),
      this.#repeat(() => this.#pushed.push(), PUSH_EVERY_MS),
      this.#repeat(() => this.#sample(), SAMPLE_EVERY_MS),
    ];
    const over = Promise.all(loops);
    const late = new AbortController();
    await Promise.race([
      over,
      pause(this.#minutes * 60_000 + SETTLE_MS, undefined, { signal: late.signal }),
    ]);
    late.abort();
    return this.#result();
  }

  get #minute(): number {
    return (performance.now() - this.#began) / 60_000;
  }

  async #repeat(step: () => Promise<void>, everyMs: number): Promise<void> {
    while (this.#minute < this.#minutes) {
      await step();
      await pause(everyMs);
    }
  }

  async #behave(honest: readonly Honest[]): Promise<void> {
    this.#n += 1;
    const one = this.#pick(honest);
    await this.#tally.watch(one.name, one.call(this.#n), (error) => {
      if (error === undefined) return 'answered';
      if (error instanceof AssertionError) throw error;
      if (isScatterError(error, 'SCATTER_ERR_EXECUTOR_CRASHED') && error.begun) return 'cut off';
      throw error;
    });
  }

  /** Some calls of a hostile function under a name of its own, as somebody with many names would. */
  async #attack(): Promise<void> {
    const one = this.#pick(HOSTILE);
    this.#n += 1;
    const name = `hostile-${this.#n}`;
    const limits = { ...HOSTILE_LIMITS, ...one.limits };
    let fn: ScatterFunction | undefined;
    const loading = this.#scatter.load(one.source, { name, limits }).then((loaded) => {
      fn = loaded;
    });
    await this.#tally.watch(one.name, loading, (error) => endOf(error, one));
    for (let call = 0; fn !== undefined && call < CALLS_PER_NAME; call += 1) {
      await this.#tally.watch(one.name, fn(), (error) => endOf(error, one));
    }
    await fn?.release();
  }

  async #kill(): Promise<void> {
    const { pids } = await this.#scatter.stats();
    if (pids.length === 0) return;
    try {
      process.kill(this.#pick(pids), 'SIGKILL');
      this.#kills += 1;
    } catch (error) {
      // It was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  async #sample(): Promise<void> {
    const sample = sampleMemory(this.#minute);
    this.#memory.push(sample);
    const { restarts, suspects } = await this.#scatter.stats();
    const { calls, wrongCount } = this.#tally;
    this.#onProgress(
      `minute ${sample.minute.toFixed(1)}: ${calls} calls, ${wrongCount} wrong, ${restarts} executors ended, ` +
        `${suspects.length} suspects, ${this.#pushed.versions} versions, host ${sample.rssMb} MB`,
    );
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }

  async #result(): Promise<SoakResult> {
    const { unsettled, wrong, wrongCount } = this.#tally;
    const growth = growthOf(this.#memory);
    const failures = [
      ...wrong,
      ...(wrongCount > wrong.length ? [`${wrongCount - wrong.length} more were wrong`] : []),
      ...unsettled.map((who) => `a call of ${who} never settled`),
      ...(growth === undefined ? [] : [growth]),
    ];
    return {
      minutes: this.#minutes,
      tally: this.#tally,
      kills: this.#kills,
      pushes: this.#pushed.versions,
      memory: this.#memory,
      stats: await this.#scatter.stats(),
      failures,
    };
  }
}

function endOf(error: unknown, { ends, name }: Hostile): string {
  const end = isScatterError(error) ? error.code.replace('SCATTER_ERR_', '') : 'answered';
  if (error !== undefined && !isScatterError(error)) throw error;
  if (error === undefined || [...ALWAYS_ALLOWED, ...ends].includes(end)) return end;
  throw new Error(`${name} ended as ${end}: ${String(error)}`);
}
