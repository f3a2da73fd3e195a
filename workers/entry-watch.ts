import { writeSync } from 'node:fs';
import { WATCH_BYTES, WATCH_STATE, writeWatch } from '../src/codec/watch-slot.ts';

/**
 * Tells the supervisor, through a file in shared memory, what this thread is about to enter. Costs
 * about 1.3 µs an entry, and makes the culprit of a hang and the calls that had begun exact.
 */
export interface EntryWatch {
  beginCall(callId: number, limitMs: number): void;
  /** A later entry of a call that has begun. */
  resumeCall(callId: number, limitMs: number): void;
  beginLoad(isolateId: number, limitMs: number): void;
  /** Nothing is running. */
  rest(): void;
}

/** For a thread of the executor: slot `index` of the file behind `fd`. */
export function watchEntries(fd: number, index: number): EntryWatch {
  const slot = Buffer.alloc(WATCH_BYTES);
  let sequence = 0;
  let lastBegun = 0;
  function write(state: number, id: number, limitMs: number): void {
    sequence = (sequence + 1) >>> 0;
    const startedMs = Number(process.hrtime.bigint() / 1000n) / 1000;
    writeWatch(slot, { sequence, state, id, lastBegun, limitMs, startedMs });
    writeSync(fd, slot, 0, WATCH_BYTES, index * WATCH_BYTES);
  }
  return {
    beginCall(callId, limitMs) {
      lastBegun = callId;
      write(WATCH_STATE.CALL, callId, limitMs);
    },
    resumeCall: (callId, limitMs) => write(WATCH_STATE.CALL, callId, limitMs),
    beginLoad: (isolateId, limitMs) => write(WATCH_STATE.LOAD, isolateId, limitMs),
    rest: () => write(WATCH_STATE.REST, 0, 0),
  };
}

/** For a thread that nobody watches (`callSync`). */
export const UNWATCHED: EntryWatch = {
  beginCall: () => undefined,
  resumeCall: () => undefined,
  beginLoad: () => undefined,
  rest: () => undefined,
};
