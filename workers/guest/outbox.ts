/**
 * The guest's side of the buffer it shares with its worker. Two words lead it: where the committed
 * records end (the worker puts it back to `OUTBOX_HEAD` after draining), and how large a buffer the
 * first record that did not fit wants. Records follow, laid out like frames (`src/codec/frame.ts`).
 *
 * The worker believes nothing in here: a guest that reached this buffer could only fool itself.
 */
import { PLACED_AT } from '../../src/codec/frame-kinds.ts';
import {
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeSet,
  Uint8ArrayConstructor,
} from '../../src/codec/primordials.ts';
import { Int32ArrayConstructor } from './guest-primordials.ts';

const OUTBOX_HEAD = 8;
const RECORD_HEAD = 12;

interface WaitingRecord {
  readonly bytes: Uint8Array;
  next: WaitingRecord | undefined;
}

// `length` of a typed array is a getter on a prototype, which guests can replace: it is read once here,
// or through the kept getter.
let outbox: Uint8Array = new Uint8ArrayConstructor(0);
let outboxSize = 0;
let outboxWords: Int32Array;
let firstWaiting: WaitingRecord | undefined;
let lastWaiting: WaitingRecord | undefined;

/** Puts a buffer in place; the worker gives a larger one for a time when a record needs it. */
export function useOutbox(buffer: ArrayBufferLike, size: number): void {
  const bytes = new Uint8ArrayConstructor(buffer, 0, size);
  outboxWords = new Int32ArrayConstructor(buffer, 0, 2);
  outbox = bytes;
  outboxSize = size;
  outbox[PLACED_AT] = 1;
}

/** Appends a record, or keeps it until there is room; its order among the others is kept. */
export function appendRecord(kind: number, detail: number, id: number, body?: Uint8Array): void {
  const length = RECORD_HEAD + sizeOf(body);
  const at = outboxWords[0] as number;
  if (firstWaiting === undefined && at + length <= outboxSize) {
    writeRecord(outbox, at, kind, detail, id, body);
    outboxWords[0] = at + length;
    return;
  }
  const bytes = new Uint8ArrayConstructor(length);
  writeRecord(bytes, 0, kind, detail, id, body);
  keepWaiting({ bytes, next: undefined });
}

/** Moves waiting records into the outbox while they fit. */
export function flushRecords(): void {
  while (firstWaiting !== undefined) {
    const at = outboxWords[0] as number;
    if (at + sizeOf(firstWaiting.bytes) > outboxSize) break;
    TypedArrayPrototypeSet(outbox, firstWaiting.bytes, at);
    outboxWords[0] = at + sizeOf(firstWaiting.bytes);
    firstWaiting = firstWaiting.next;
  }
  outboxWords[1] = firstWaiting === undefined ? 0 : OUTBOX_HEAD + sizeOf(firstWaiting.bytes);
}

function keepWaiting(record: WaitingRecord): void {
  if (firstWaiting === undefined || lastWaiting === undefined) firstWaiting = record;
  else lastWaiting.next = record;
  lastWaiting = record;
  outboxWords[1] = OUTBOX_HEAD + sizeOf(firstWaiting.bytes);
}

function writeRecord(
  target: Uint8Array,
  at: number,
  kind: number,
  detail: number,
  id: number,
  body: Uint8Array | undefined,
): void {
  writeWord(target, at, sizeOf(body));
  writeWord(target, at + 4, id);
  target[at + 8] = kind;
  target[at + 9] = detail;
  target[at + 10] = 0;
  target[at + 11] = 0;
  if (body !== undefined) TypedArrayPrototypeSet(target, body, at + RECORD_HEAD);
}

/** Writes a little-endian u32. */
export function writeWord(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}

function sizeOf(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : TypedArrayPrototypeGetLength(bytes);
}
