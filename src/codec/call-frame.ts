/** The fixed part of a CALL frame's body, before the arguments. */
export interface CallHead {
  readonly isolateId: number;
  /** Time inside the isolate, ms. */
  readonly cpuMs: number;
  /** When its time is over, on the clock of {@link monotonicMs}. */
  readonly deadlineMs: number;
  readonly maxResultBytes: number;
  readonly maxLogBytes: number;
}

export const CALL_HEAD_BYTES = 24;

// Both are the same clock, counted from different moments; this one is read much faster.
const CLOCK_OFFSET_MS = Number(process.hrtime.bigint() / 1000n) / 1000 - performance.now();

/** The machine's monotonic clock in ms, which all its processes share. */
export function monotonicMs(): number {
  return performance.now() + CLOCK_OFFSET_MS;
}

export function encodeCallHead(head: CallHead): Buffer {
  const bytes = Buffer.allocUnsafe(CALL_HEAD_BYTES);
  bytes.writeUInt32LE(head.isolateId, 0);
  bytes.writeUInt32LE(Math.ceil(head.cpuMs), 4);
  bytes.writeDoubleLE(head.deadlineMs, 8);
  bytes.writeUInt32LE(Math.floor(head.maxResultBytes), 16);
  bytes.writeUInt32LE(Math.floor(head.maxLogBytes), 20);
  return bytes;
}

export function decodeCallHead(body: Buffer): CallHead {
  return {
    isolateId: body.readUInt32LE(0),
    cpuMs: body.readUInt32LE(4),
    deadlineMs: body.readDoubleLE(8),
    maxResultBytes: body.readUInt32LE(16),
    maxLogBytes: body.readUInt32LE(20),
  };
}
