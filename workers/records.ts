import { HEADER_BYTES } from '../src/codec/frame.ts';

/** Where records begin in an outbox. */
export const OUTBOX_HEAD = 8;

/** What a guest's prelude handed out. Nothing in it is trusted but the bounds of `body`. */
export interface GuestRecord {
  readonly kind: number;
  readonly detail: number;
  readonly id: number;
  /** A view of shared memory: to be copied before the isolate is entered again. */
  readonly body: Buffer;
}

/** Reads the records up to `end`; false when they do not end there exactly. */
export function readRecords(
  outbox: Buffer,
  end: number,
  onRecord: (record: GuestRecord) => void,
): boolean {
  if (end < OUTBOX_HEAD || end > outbox.byteLength) return false;
  let at = OUTBOX_HEAD;
  while (at < end) {
    if (at + HEADER_BYTES > end) return false;
    const length = outbox.readUInt32LE(at);
    const body = at + HEADER_BYTES;
    if (body + length > end) return false;
    onRecord({
      id: outbox.readUInt32LE(at + 4),
      kind: outbox.readUInt8(at + 8),
      detail: outbox.readUInt8(at + 9),
      body: outbox.subarray(body, body + length),
    });
    at = body + length;
  }
  return true;
}
