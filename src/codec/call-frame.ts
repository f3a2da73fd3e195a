/** The fixed part of a CALL frame's body, before the arguments. */
export interface CallHead {
  readonly isolateId: number;
  /** Time inside the isolate, ms. */
  readonly cpuMs: number;
  /** Wall time that is left when the frame leaves the host, ms. */
  readonly timeoutMs: number;
  readonly maxResultBytes: number;
  readonly maxLogBytes: number;
}

export const CALL_HEAD_BYTES = 20;

export function encodeCallHead(head: CallHead): Buffer {
  const bytes = Buffer.allocUnsafe(CALL_HEAD_BYTES);
  bytes.writeUInt32LE(head.isolateId, 0);
  bytes.writeUInt32LE(Math.ceil(head.cpuMs), 4);
  bytes.writeUInt32LE(Math.ceil(head.timeoutMs), 8);
  bytes.writeUInt32LE(Math.floor(head.maxResultBytes), 12);
  bytes.writeUInt32LE(Math.floor(head.maxLogBytes), 16);
  return bytes;
}

export function decodeCallHead(body: Buffer): CallHead {
  return {
    isolateId: body.readUInt32LE(0),
    cpuMs: body.readUInt32LE(4),
    timeoutMs: body.readUInt32LE(8),
    maxResultBytes: body.readUInt32LE(12),
    maxLogBytes: body.readUInt32LE(16),
  };
}
