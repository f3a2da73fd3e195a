import type { CallHead } from '../src/codec/call-frame.ts';

/** A call that has begun and has not settled. Times in ms of the worker's clock. */
export class OpenCall {
  readonly id: number;
  readonly maxResultBytes: number;
  readonly deadline: number;
  cpuLeftMs: number;
  logBytesLeft: number;
  #alarm: NodeJS.Timeout | undefined;

  constructor(id: number, head: CallHead) {
    this.id = id;
    this.maxResultBytes = head.maxResultBytes;
    this.deadline = performance.now() + head.timeoutMs;
    this.cpuLeftMs = head.cpuMs;
    this.logBytesLeft = head.maxLogBytes;
  }

  /** How long the next entry for this call may take; zero or less: its time is over. */
  get entryLimitMs(): number {
    return Math.min(this.cpuLeftMs, this.deadline - performance.now());
  }

  /** Calls back at the deadline, unless the call settles before. Most calls never come to this. */
  awaitDeadline(onDeadline: () => void): void {
    this.#alarm ??= setTimeout(onDeadline, Math.max(1, this.deadline - performance.now()));
  }

  settle(): void {
    clearTimeout(this.#alarm);
  }
}
