import type { Ending } from './ending.ts';
import type { SuspectStats } from './suspects.ts';

/** How large a pool is. */
export interface PoolOptions {
  /** Executor processes. */
  readonly processes: number;
  /** Worker threads, and so lanes, in each. */
  readonly threads: number;
  /** Memory ceiling of each process in MB, watched from outside. */
  readonly memoryMb: number;
  /** Calls that may wait in the host. */
  readonly maxQueue: number;
  /** Heap of the isolates that are made ahead, MB. */
  readonly blankMemoryMb: number;
  /** What guests read as `process.env`. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * How many executors ended why: `overdue`, a function could not be interrupted; `memory`, over
 * `pool.memoryMb` or chosen by the system; `broken`, what it sent made no sense; `silent`, it gave no sign
 * though no function ran; `crashed`, by itself; `killed`, by somebody else.
 */
export type Endings = Readonly<Record<Ending, number>>;

export const NO_ENDINGS: Endings = {
  overdue: 0,
  memory: 0,
  broken: 0,
  silent: 0,
  crashed: 0,
  killed: 0,
};

/** What a pool is doing. */
export interface PoolStats {
  readonly executors: number;
  readonly lanes: number;
  /** Isolates with a function in them, draining ones included. */
  readonly isolates: number;
  /** Calls on lanes without an answer. */
  readonly inFlight: number;
  /** Calls waiting in the host. */
  readonly queued: number;
  /** Executors that ended without being asked to. */
  readonly restarts: number;
  /** The same, by why they ended. */
  readonly endings: Endings;
  /** Functions that run apart or are in quarantine, because their executor ended. */
  readonly suspects: readonly SuspectStats[];
  /** Process ids of the executors. */
  readonly pids: readonly number[];
}
