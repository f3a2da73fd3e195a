import type { PendingCall } from './call.ts';

/** Calls that wait for a place, one line for each function and partition, served in turn. */
export class CallQueue {
  // Insertion order is the turn: a line that was served goes to the end.
  readonly #lines = new Map<string, Set<PendingCall>>();
  #size = 0;

  /** Calls that wait. */
  get size(): number {
    return this.#size;
  }

  add(call: PendingCall): void {
    this.#lineOf(call).add(call);
    this.#size += 1;
  }

  /** For a call that had its turn already. */
  addFirst(call: PendingCall): void {
    this.#lines.set(callKey(call), new Set([call, ...this.#lineOf(call)]));
    this.#size += 1;
  }

  /** A call that has settled waits no longer. */
  remove(call: PendingCall): void {
    const key = callKey(call);
    const line = this.#lines.get(key);
    if (!line?.delete(call)) return;
    this.#size -= 1;
    if (line.size === 0) this.#lines.delete(key);
  }

  /** Offers the first call of each line in turn until no line's first call is taken any more. */
  serve(take: (call: PendingCall) => boolean): void {
    let refused = 0;
    while (this.#lines.size > 0 && refused < this.#lines.size) {
      const [key, line] = this.#lines.entries().next().value ?? ['', new Set()];
      const [call] = line;
      const taken = call !== undefined && take(call);
      refused = taken ? 0 : refused + 1;
      // Taking a call may settle it, and so have removed it already.
      if (taken && line.delete(call)) this.#size -= 1;
      if (this.#lines.get(key) !== line) continue;
      this.#lines.delete(key);
      if (line.size > 0) this.#lines.set(key, line);
    }
  }

  #lineOf(call: PendingCall): Set<PendingCall> {
    const key = callKey(call);
    const line = this.#lines.get(key) ?? new Set();
    this.#lines.set(key, line);
    return line;
  }
}

/** What shares a line and a limit of concurrency: one function and partition. */
export function callKey(call: PendingCall): string {
  const { target, partition } = call.request;
  return partition === '' ? target.name : `${target.name}@${partition}`;
}
