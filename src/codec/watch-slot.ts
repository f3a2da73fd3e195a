/**
 * One worker thread's slot in the watch file: what the thread is running, since when, and
 * the last call it began. Written by the worker, read by the supervisor; the sequence number stands at
 * both ends, so that a slot that is being written is not taken for a whole one.
 */
export const WATCH_BYTES = 40;

export const WATCH_STATE = { REST: 0, CALL: 1, LOAD: 2 } as const;

export interface WatchSlot {
  readonly sequence: number;
  /** One of {@link WATCH_STATE}. */
  readonly state: number;
  /** The isolate that it is in. */
  readonly isolateId: number;
  /** The call that it is in; 0 for LOAD. */
  readonly callId: number;
  /** The call that was begun last; calls of a lane begin in the order of their ids. */
  readonly lastBegun: number;
  readonly limitMs: number;
  /** On the machine's monotonic clock (`process.hrtime`), ms. */
  readonly startedMs: number;
}

export function writeWatch(target: Buffer, slot: WatchSlot): void {
  target.writeUInt32LE(slot.sequence, 0);
  target.writeUInt32LE(slot.state, 4);
  target.writeUInt32LE(slot.isolateId, 8);
  target.writeUInt32LE(slot.callId, 12);
  target.writeUInt32LE(slot.lastBegun, 16);
  target.writeDoubleLE(slot.limitMs, 20);
  target.writeDoubleLE(slot.startedMs, 28);
  target.writeUInt32LE(slot.sequence, 36);
}

/** Undefined while the slot is being written. */
export function readWatch(source: Buffer, at: number): WatchSlot | undefined {
  const sequence = source.readUInt32LE(at);
  if (sequence !== source.readUInt32LE(at + 36)) return undefined;
  return {
    sequence,
    state: source.readUInt32LE(at + 4),
    isolateId: source.readUInt32LE(at + 8),
    callId: source.readUInt32LE(at + 12),
    lastBegun: source.readUInt32LE(at + 16),
    limitMs: source.readDoubleLE(at + 20),
    startedMs: source.readDoubleLE(at + 28),
  };
}
