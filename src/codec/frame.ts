/**
 * Frames: what travels on a lane, in both directions, and (in the same layout) the records that a
 * guest's prelude leaves for its worker. Little endian:
 *
 *     u32 bytes of body | u32 id | u8 kind | u8 detail | u16 cost | body
 *
 * `cost` is the time spent inside the isolate, in units of 10 µs, saturating.
 */
export const HEADER_BYTES = 12;

/** One frame as read; `body` is a view that is valid until the reader is fed again. */
export interface Frame {
  readonly kind: number;
  readonly detail: number;
  readonly id: number;
  readonly cost: number;
  readonly body: Buffer;
}

const COST_UNIT_MS = 0.01;
const MAX_COST = 0xffff;

export function encodeCost(ms: number): number {
  return Math.min(MAX_COST, Math.round(ms / COST_UNIT_MS));
}

export function decodeCost(cost: number): number {
  return cost * COST_UNIT_MS;
}

export function writeHeader(
  target: Buffer,
  at: number,
  frame: { kind: number; detail: number; id: number; cost: number; length: number },
): void {
  target.writeUInt32LE(frame.length, at);
  target.writeUInt32LE(frame.id, at + 4);
  target.writeUInt8(frame.kind, at + 8);
  target.writeUInt8(frame.detail, at + 9);
  target.writeUInt16LE(frame.cost, at + 10);
}

/** One u32 as bytes, for the body of a frame. */
export function word(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
