/** What the host tells an executor process when it starts it, and which descriptors it inherits. */
export interface ExecutorConfig {
  readonly threads: number;
  /** Heap of the isolates that are made ahead, MB. */
  readonly blankMemoryMb: number;
}

/** Ends when the host is gone. */
export const CONTROL_FD = 3;
/** The watch file, see `codec/watch-slot.ts`. */
export const WATCH_FD = 4;
/** One lane for each thread from here on. */
export const FIRST_LANE_FD = 5;
