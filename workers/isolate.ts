import ivm from 'isolated-vm';
import { ENTRY, PLACED_AT } from '../src/codec/frame-kinds.ts';
import { runPrelude } from './compiled-prelude.ts';
import { linkLibraries } from './library-source.ts';
import { type GuestRecord, OUTBOX_HEAD, readRecords } from './records.ts';
import { SharedBuffer } from './shared-buffer.ts';

const SMALL_BOX = 16 * 1024;
const KEPT_BOX = 256 * 1024;
// Rounds of draining after one entry; a guest that always has more to say is cut off.
const MAX_ROUNDS = 1000;
// For what an entry that was ended left over, within the limit of the next one: see `#place`.
const LEAST_DRAIN_MS = 20;
const SHORT_PLACE_MS = 50;
const LONG_PLACE_MS = 500;

/** How an entry ended. What it achieved is in the records, not here. */
export type EntryEnd = 'returned' | 'timeout' | 'disposed';

/**
 * An isolate with the prelude in it: bytes and entries in, records out. Knows nothing of calls.
 * All work happens on the calling thread.
 */
export class Isolate {
  readonly memoryMb: number;
  readonly #isolate: ivm.Isolate;
  readonly #enter: ivm.Reference;
  readonly #smallOutbox: SharedBuffer;
  #inbox: SharedBuffer;
  #isStuck = false;
  #isGone = false;
  #outbox: SharedBuffer;

  /** @param prelude script whose value is `enterGuest` */
  constructor(memoryMb: number, prelude: string) {
    this.memoryMb = memoryMb;
    this.#isolate = new ivm.Isolate({ memoryLimit: memoryMb });
    const context = this.#isolate.createContextSync();
    this.#enter = runPrelude(this.#isolate, context, prelude);
    context.release();
    this.#inbox = new SharedBuffer(SMALL_BOX);
    this.#smallOutbox = new SharedBuffer(SMALL_BOX);
    this.#outbox = this.#smallOutbox;
    // Without a limit: no guest code is in it yet, and a thread that had to wait would lose a good isolate.
    this.#place(ENTRY.INBOX, this.#inbox, {});
    this.#place(ENTRY.OUTBOX, this.#outbox, {});
    this.#enter.applySync(undefined, [ENTRY.LIBRARIES, copyLibraries()]);
  }

  /** Whether it was disposed because what it had left over did not end. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  get isDisposed(): boolean {
    return this.#isolate.isDisposed;
  }

  /** Lays bytes where the next entry, which has `limitMs`, reads them. */
  putInbox(bytes: Uint8Array, limitMs: number): void {
    if (bytes.byteLength > this.#inbox.bytes.byteLength) {
      this.#inbox = new SharedBuffer(bytes.byteLength);
      this.#place(ENTRY.INBOX, this.#inbox, placeLimit(limitMs));
    }
    this.#inbox.bytes.set(bytes);
  }

  get firstInboxByte(): number | undefined {
    return this.#inbox.bytes[0];
  }

  /** Lets go of the memory that large bytes needed, which is outside of the isolate's heap. */
  shrinkInbox(): void {
    if (this.#inbox.bytes.byteLength <= KEPT_BOX || this.#isolate.isDisposed) return;
    this.#inbox = new SharedBuffer(SMALL_BOX);
    this.#place(ENTRY.INBOX, this.#inbox, placeLimit(LONG_PLACE_MS));
  }

  /** Runs one entry for at most `limitMs` ms, then whatever microtasks it left, within the same limit. */
  enter(limitMs: number, entry: number, a: number | string, b = 0, c = 0, d = 0, e = 0): EntryEnd {
    const started = performance.now();
    try {
      this.#enter.applySync(undefined, [entry, a, b, c, d, e], {
        // Whole milliseconds only.
        timeout: Math.max(1, Math.ceil(limitMs)),
      });
    } catch (error) {
      // A guest's unhandled rejection ends here too, with a message of its choice: what happened is
      // told by the isolate and the clock, never by the error (facts: isolated-vm#527 and others).
      if (this.#isolate.isDisposed) return 'disposed';
      if (isTimeout(error) && performance.now() - started >= limitMs * 0.9) return 'timeout';
    }
    return this.#isolate.isDisposed ? 'disposed' : 'returned';
  }

  /**
   * Hands out what the last entries left, in order. `body` of a record is valid until the next one.
   *
   * @param endMs when the entry's time is over, on the clock of `performance.now()`; there is always a
   * little time for what was said just before
   * @param maxBytes longest record that is accepted
   * @returns `timeout` or `disposed` when handing out needed entries that ended so, or when the guest
   * broke the rules of the outbox
   */
  drain(endMs: number, maxBytes: number, onRecord: (record: GuestRecord) => void): EntryEnd {
    let until = 0;
    for (let round = 0; round < MAX_ROUNDS && !this.#isGone; round += 1) {
      const { words, bytes } = this.#outbox;
      const end = words[0] ?? 0;
      const wanted = words[1] ?? 0;
      if (!readRecords(bytes, end, onRecord)) return 'disposed';
      words[0] = OUTBOX_HEAD;
      if (wanted === 0) {
        this.#useOutbox(this.#smallOutbox, LONG_PLACE_MS);
        return this.#isGone ? 'disposed' : 'returned';
      }
      until ||= Math.max(endMs, performance.now() + LEAST_DRAIN_MS);
      words[1] = 0;
      if (wanted < 0 || wanted > maxBytes + SMALL_BOX) return 'disposed';
      if (wanted > bytes.byteLength)
        this.#useOutbox(new SharedBuffer(wanted), until - performance.now());
      const leftMs = until - performance.now();
      if (leftMs <= 0) return 'timeout';
      const ended = this.enter(leftMs, ENTRY.FLUSH, 0);
      if (ended !== 'returned') return ended;
    }
    return 'disposed';
  }

  dispose(): void {
    this.#isGone = true;
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }

  #useOutbox(buffer: SharedBuffer, limitMs: number): void {
    if (this.#outbox === buffer) return;
    this.#outbox = buffer;
    buffer.words[0] = OUTBOX_HEAD;
    buffer.words[1] = 0;
    this.#place(ENTRY.OUTBOX, buffer, placeLimit(limitMs));
  }

  #place(entry: number, buffer: SharedBuffer, limit: ivm.RunOptions): void {
    if (this.#isolate.isDisposed) return;
    buffer.bytes[PLACED_AT] = 0;
    const copy = new ivm.ExternalCopy(buffer.shared).copyInto({ release: true });
    try {
      this.#enter.applySync(undefined, [entry, copy, buffer.bytes.byteLength], limit);
    } catch (error) {
      // An entry that was ended left microtasks or a rejection behind, which come up with the next one once
      // it has done its work; or the isolate is gone, which whoever enters it next finds.
      this.#isStuck = isTimeout(error);
    }
    // Without the buffer (its heap may have had no room for the views), what is said would be lost.
    const isPlaced = buffer.bytes[PLACED_AT] === 1;
    buffer.bytes[PLACED_AT] = 0;
    if (this.#isStuck || !isPlaced) this.dispose();
  }
}

function placeLimit(limitMs: number): ivm.RunOptions {
  return { timeout: Math.max(SHORT_PLACE_MS, Math.min(LONG_PLACE_MS, Math.ceil(limitMs))) };
}

let libraries: ivm.ExternalCopy<string> | undefined;

/** A string that V8 keeps outside of all heaps, one for the isolates of a thread. */
function copyLibraries(): unknown {
  libraries ??= new ivm.ExternalCopy(linkLibraries().text);
  return libraries.copyInto();
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Script execution timed out.';
}
