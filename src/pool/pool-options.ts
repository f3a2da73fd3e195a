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
  /** Executors that had to be replaced. */
  readonly restarts: number;
  /** Process ids of the executors. */
  readonly pids: readonly number[];
}
