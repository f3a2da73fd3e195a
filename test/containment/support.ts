/**
 * An arena for attacks: an instance with a real executor, a neighbour that is kept answering while the
 * attack runs, and counts that must come back to what they were.
 */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Capability,
  isScatterError,
  type Limits,
  type Scatter,
  type ScatterError,
  type ScatterFunction,
  type ScatterOptions,
} from '../../src/index.ts';
import { freshName, startScatter } from '../library/support.ts';
import { until } from '../redis/servers/until.ts';
import { type Counts, countAll, hostMb, keptMb, watchHost } from './counts.ts';

/** What an attack may take longer than its limit, ms, before all of it is taken ten times. */
const LATE_MS = 500;
/** What the host may keep of all that an attack sent it, MB. */
const KEPT_MB = 24;

/**
 * isolated-vm keeps time in threads that stay until the limit of an entry, which has long returned, would
 * be over: for a second by default, and longer than a test should wait where `cpuMs` is higher.
 */
const CLOCKS = 16;

const NEIGHBOUR = 'export default (n) => ({ n, text: "n".repeat(n % 100) });';

/** What a neighbour of everything that happens here heard. */
interface Heard {
  answers: number;
  slowestMs: number;
  /** Calls that were cut off with their executor. */
  lost: number;
}

export interface Attack {
  /** A module whose default export is the function. */
  readonly source: string;
  readonly args?: readonly unknown[];
  readonly limits?: Partial<Limits>;
  readonly capabilities?: readonly Capability[];
  /** Calls that are made at once. @default 1 */
  readonly times?: number;
  /** Only an end of the executor ends it: then neighbours may lose the calls they have begun. */
  readonly kills?: boolean;
  /** What the host may grow by while it lasts, MB. */
  readonly growthMb?: number;
}

export interface Outcome {
  /** `answered`, or the code of the error without its prefix; of the first call that failed. */
  readonly end: string;
  readonly value: unknown;
  readonly error: ScatterError | undefined;
  /** Of each call. */
  readonly ends: readonly string[];
  readonly logged: readonly string[];
  /** Answers the neighbour got before the attack had ended. */
  readonly answersMeanwhile: number;
}

/** A neighbour and an instance, warm before the tests of the file and closed after them. */
export function startArena(options: ScatterOptions = {}): Arena {
  // Before the instance is closed, which is the next of these.
  after(() => arena.leave());
  const scatter = startScatter({ pool: { threads: 2 }, ...options });
  const arena = new Arena(scatter, options.limits?.cpuMs === undefined ? 0 : CLOCKS);
  before(() => arena.warmUp());
  return arena;
}

export class Arena {
  readonly scatter: Scatter;
  #neighbour: ScatterFunction | undefined;
  #base: Counts | undefined;
  readonly #clocks: number;

  /** `clocks`: threads that may still be there when the tests are over. */
  constructor(scatter: Scatter, clocks: number) {
    this.scatter = scatter;
    this.#clocks = clocks;
  }

  async warmUp(): Promise<void> {
    this.#neighbour = await this.scatter.load(NEIGHBOUR, { name: 'neighbour' });
    // What an attack makes the process start once, such as its compiler, is there before any is counted.
    await this.#endOf({
      source: 'export default () => new Promise((done) => setTimeout(done, 1));',
    });
    await this.#fillLanes();
    this.#base = await this.counts();
  }

  /** Here threads are counted, too. */
  async leave(): Promise<void> {
    if (this.#base === undefined) return;
    await this.comesBack({ ...this.#base, threads: this.#base.threads + this.#clocks });
  }

  counts(): Promise<Counts> {
    return countAll(this.scatter);
  }

  /**
   * Loads and calls what attacks, and fails unless neighbours were answered before, meanwhile and after,
   * the time limit held, and all counts came back.
   */
  async attack(attack: Attack): Promise<Outcome> {
    await this.#fillLanes();
    const [before, kept] = [await this.counts(), keptMb()];
    const { pids } = await this.scatter.stats();
    const heard: Heard = { answers: 0, slowestMs: 0, lost: 0 };
    const highest = watchHost();
    const stop = this.#keepAsking(heard);
    const started = performance.now();
    const outcome = await this.#endOf(attack, () => heard.answers).finally(stop);
    const tookMs = performance.now() - started;
    const limitMs = boundOf(attack) + LATE_MS;
    assertWithin(tookMs, 10 * limitMs, 'the attack took, ms:');
    await this.#fillLanes();
    assertWithin(heard.slowestMs, 10 * limitMs, 'an answer to the neighbour took, ms:');
    if (attack.kills !== true) {
      assert.deepEqual((await this.scatter.stats()).pids, pids, 'the executor is another one');
      assert.equal(heard.lost, 0, 'the neighbour lost calls');
    }
    assertWithin(
      highest() - hostMb(),
      attack.growthMb ?? 200,
      'while it lasted the host grew, MB:',
    );
    await this.comesBack({ ...before, threads: Number.POSITIVE_INFINITY });
    await until(
      `the host to keep no more than ${KEPT_MB} MB of the attack`,
      () => keptMb() - kept <= KEPT_MB || undefined,
    );
    return outcome;
  }

  /** Waits until nothing is left of what came after `before` was taken. */
  async comesBack(before: Counts): Promise<void> {
    let last = await this.counts();
    await until(
      () => `${JSON.stringify(last)} to come back to ${JSON.stringify(before)}`,
      async () => {
        last = await this.counts();
        const isBack = Object.entries(before).every(
          ([what, count]) => last[what as keyof Counts] <= count,
        );
        return isBack || undefined;
      },
    );
  }

  /** Asks the neighbour once; its answer is checked. */
  async ask(n = 1): Promise<void> {
    assert.deepEqual(await this.#neighbour?.(n), { n, text: 'n'.repeat(n % 100) });
  }

  async #endOf(attack: Attack, heard = () => 0): Promise<Outcome> {
    const { source, limits = {}, capabilities = [], args = [], times = 1 } = attack;
    const logged: string[] = [];
    const ends: string[] = [];
    let value: unknown;
    let error: ScatterError | undefined;
    const fail = (thrown: unknown): void => {
      if (!isScatterError(thrown)) throw thrown;
      error ??= thrown;
      ends.push(thrown.code.replace('SCATTER_ERR_', ''));
    };
    const answersBefore = heard();
    const call = async (fn: ScatterFunction): Promise<void> => {
      value = await fn(...args);
      ends.push('answered');
    };
    const options = { name: freshName(), limits, capabilities };
    const fn = await this.scatter.load(source, options).catch(fail);
    if (fn !== undefined) {
      const told = fn.with({ onLog: ({ text }) => logged.push(text) });
      await Promise.all(Array.from({ length: times }, () => call(told).catch(fail)));
      await fn.release();
    }
    const end = error?.code.replace('SCATTER_ERR_', '') ?? 'answered';
    return { end, value, error, ends, logged, answersMeanwhile: heard() - answersBefore };
  }

  /** So many at once that every lane has the neighbour loaded. */
  async #fillLanes(): Promise<void> {
    await Promise.all(Array.from({ length: 40 }, (_, n) => this.ask(n)));
  }

  /** Keeps two calls of the neighbour open until it is told to stop. */
  #keepAsking(heard: Heard): () => Promise<void> {
    let asking = true;
    const askOn = async (): Promise<void> => {
      while (asking) {
        const began = performance.now();
        await this.ask(heard.answers).then(
          () => {
            heard.answers += 1;
          },
          (error) => {
            if (!isScatterError(error, 'SCATTER_ERR_EXECUTOR_CRASHED')) throw error;
            assert.equal(error.begun, true);
            heard.lost += 1;
          },
        );
        heard.slowestMs = Math.max(heard.slowestMs, performance.now() - began);
        // Leaves the processors to the attack.
        await pause(1);
      }
    };
    const all = Promise.all([askOn(), askOn()]);
    // Heard of when it is stopped, which is before anything else can fail.
    all.catch(() => undefined);
    return async () => {
      asking = false;
      await all;
    };
  }
}

/** How long the load and the calls of an attack may take together, ms. */
function boundOf({ limits = {}, times = 1 }: Attack): number {
  const { cpuMs = 1000, timeoutMs = cpuMs } = limits;
  return (times + 1) * Math.min(cpuMs, timeoutMs) + (limits.timeoutMs ?? 0);
}

function assertWithin(actual: number, most: number, what: string): void {
  assert.ok(
    actual <= most,
    `${what} ${Math.round(actual)}, at most ${Math.round(most)} were expected`,
  );
}
