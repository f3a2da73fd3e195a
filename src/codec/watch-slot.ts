/**
 * One worker thread's slot in the watch file, 40 bytes: what the thread is running, since when, and
 * the last call it began. Written by the worker, read by the supervisor; the sequence number stands at
 * both ends, so that a slot that is being written is not taken for a whole one.
 */
export const WATCH_BYTES = 40;

export const WATCH_STATE = { REST: 0, CALL: 1, LOAD: 2 } as const;

export interface WatchSlot {
  readonly sequence: number;
  /** One of {@link WATCH_STATE}. */
  readonly state: number;
  /** The call, or for LOAD the isolate. */
  readonly id: number;
  /** The call that was begun last; calls of a lane begin in the order of their ids. */
  readonly lastBegun: number;
  readonly limitMs: number;
  /** On the machine's monotonic clock (`process.hrtime`), ms. */
  readonly startedMs: number;
}

export function writeWatch(target: Buffer, slot: WatchSlot): void {
  target.writeUInt32LE(slot.sequence, 0);
  target.writeUInt32LE(slot.state, 4);
  target.writeUInt32LE(slot.id, 8);
  target.writeUInt32LE(slot.lastBegun, 12);
  target.writeDoubleLE(slot.limitMs, 16);
  target.writeDoubleLE(slot.startedMs, 24);
  target.writeUInt32LE(slot.sequence, 32);
}

/** Undefined while the slot is being written. */
export function readWatch(source: Buffer, at: number): WatchSlot | undefined {
  const sequence = source.readUInt32LE(at);
  if (sequence !== source.readUInt32LE(at + 32)) return undefined;
  return {
    sequence,
    state: source.readUInt32LE(at + 4),
    id: source.readUInt32LE(at + 8),
    lastBegun: source.readUInt32LE(at + 12),
    limitMs: source.readDoubleLE(at + 16),
    startedMs: source.readDoubleLE(at + 24),
  };
}
