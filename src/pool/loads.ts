import { isScatterError } from '../errors.ts';
import { codeKey, type GuestFunction } from '../model/guest-function.ts';
import type { ExecutorGroups } from './executor-groups.ts';
import { secondHalf } from './lane-choice.ts';
import type { IsolateUse, LaneIsolate } from './lane-isolate.ts';
import { closedError } from './pool-errors.ts';

// Others may end the executor around a load again and again; this often is a reason to say so.
const MAX_LOADS = 20;
// Isolates for each lane and swap: a load is an entry, and neighbours wait behind it.
const MAX_WARM = 4;

/** Loads functions ahead of their calls. */
export class Loads {
  readonly #groups: ExecutorGroups;
  readonly #onDone: () => void;
  /** Loads under way. */
  count = 0;

  /** @param onDone a load is over, however it ended */
  constructor(groups: ExecutorGroups, onDone: () => void) {
    this.#groups = groups;
    this.#onDone = onDone;
  }

  /** Loads a function where there is room. One in quarantine is left alone: its calls will be told. */
  prepare(use: IsolateUse): Promise<void> {
    const { name } = use.target;
    return this.#loading(name, async () => {
      const lanes = [...secondHalf(await this.#groups.startedLanesFor(name))];
      const [lane] = lanes.sort((a, b) => a.unanswered - b.unanswered);
      if (lane === undefined) throw closedError();
      await lane.prepare(use);
    });
  }

  /** Loads `next` on each lane where `previous` is loaded; on one at least. */
  async prepareBeside(
    next: GuestFunction,
    previous: GuestFunction,
    use: IsolateUse,
  ): Promise<void> {
    let found = 0;
    await this.#loading(next.name, async () => {
      const lanes = await this.#groups.startedLanesFor(next.name);
      const loads = lanes.flatMap((lane) =>
        lastUsed(lane.isolates.active().filter((isolate) => runs(isolate, previous))).map(
          ({ use }) => lane.prepare({ ...use, target: next }),
        ),
      );
      found = loads.length;
      await Promise.all(loads);
    });
    if (found === 0) await this.prepare(use);
  }

  /** Tries again when the executor ended under a load that was not to blame. */
  async #loading(name: string, load: () => Promise<void>): Promise<void> {
    this.count += 1;
    try {
      for (let tries = 1; !this.#isQuarantined(name); tries += 1) {
        const error = await load().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error === undefined) return;
        const again = isScatterError(error, 'SCATTER_ERR_EXECUTOR_CRASHED') && error.retryable;
        if (!again || tries === MAX_LOADS || this.#groups.isHopeless(name)) throw error;
      }
    } finally {
      this.count -= 1;
      this.#onDone();
    }
  }

  #isQuarantined(name: string): boolean {
    return this.#groups.suspects.standing(name) === 'quarantined';
  }
}

/** Partitions that were quiet for longer load the new version when they are called. */
function lastUsed(isolates: LaneIsolate[]): LaneIsolate[] {
  return isolates.sort((a, b) => b.lastUsed - a.lastUsed).slice(0, MAX_WARM);
}

/** Whether an isolate has the code of `target` in it. */
export function runs(isolate: LaneIsolate, target: GuestFunction): boolean {
  return codeKey(isolate.use.target) === codeKey(target);
}
