import { type CallHead, monotonicMs } from '../src/codec/call-frame.ts';
import { LOG_LINE_BYTES } from '../src/codec/frame-kinds.ts';

const CUT_LINE_BYTES = 256;

/** A call that has begun and has not settled. Times in ms of the worker's clock. */
export class OpenCall {
  readonly id: number;
  readonly maxResultBytes: number;
  readonly deadline: number;
  cpuLeftMs: number;
  /** In entries that are over. */
  spentMs = 0;
  #logBytesLeft: number;
  #alarm: NodeJS.Timeout | undefined;

  constructor(id: number, head: CallHead) {
    this.id = id;
    this.maxResultBytes = head.maxResultBytes;
    // It has waited on the way, and perhaps behind others.
    this.deadline = performance.now() + head.deadlineMs - monotonicMs();
    this.cpuLeftMs = head.cpuMs;
    this.#logBytesLeft = head.maxLogBytes;
  }

  /** How long the next entry for this call may take; zero or less: its time is over. */
  get entryLimitMs(): number {
    return Math.min(this.cpuLeftMs, this.deadline - performance.now());
  }

  /** Counts the time that an entry took, and gives it back. */
  spend(ms: number): number {
    this.cpuLeftMs -= ms;
    this.spentMs += ms;
    return ms;
  }

  /** Calls back at the deadline, unless the call settles before. Most calls never come to this. */
  awaitDeadline(onDeadline: () => void): void {
    this.#alarm ??= setTimeout(onDeadline, Math.max(1, this.deadline - performance.now()));
  }

  /**
   * Counts a line of console output; false if it is too much. The prelude keeps to the limit itself, and
   * says in one more line that it was reached.
   */
  mayLog(textBytes: number): boolean {
    const bytes = textBytes + LOG_LINE_BYTES;
    if (this.#logBytesLeft < 0 || bytes > this.#logBytesLeft + CUT_LINE_BYTES) return false;
    this.#logBytesLeft -= bytes;
    return true;
  }

  settle(): void {
    clearTimeout(this.#alarm);
  }
}
