import type { PendingCall } from './call.ts';

/** Calls that wait for a place, one line for each function and partition, served in turn. */
export class CallQueue {
  // Insertion order is the turn: a line that was served goes to the end.
  readonly #lines = new Map<string, PendingCall[]>();
  #size = 0;

  /** Calls that wait, those settled meanwhile included until they are met. */
  get size(): number {
    return this.#size;
  }

  add(call: PendingCall): void {
    this.#lineOf(call).push(call);
    this.#size += 1;
  }

  /** For a call that had its turn already. */
  addFirst(call: PendingCall): void {
    this.#lineOf(call).unshift(call);
    this.#size += 1;
  }

  /** Offers the first call of each line in turn until no line's first call is taken any more. */
  serve(take: (call: PendingCall) => boolean): void {
    let refused = 0;
    while (this.#lines.size > 0 && refused < this.#lines.size) {
      const [key, line] = this.#lines.entries().next().value ?? ['', []];
      const call = line[0];
      const taken = call === undefined || call.settled || take(call);
      if (taken && call !== undefined) {
        line.shift();
        this.#size -= 1;
      }
      this.#lines.delete(key);
      if (line.length > 0) this.#lines.set(key, line);
      refused = taken ? 0 : refused + 1;
    }
  }

  /** Every waiting call, in no particular order. */
  *calls(): Generator<PendingCall> {
    for (const line of this.#lines.values()) yield* line;
  }

  #lineOf(call: PendingCall): PendingCall[] {
    const key = callKey(call);
    const line = this.#lines.get(key);
    if (line !== undefined) return line;
    const made: PendingCall[] = [];
    this.#lines.set(key, made);
    return made;
  }
}

/** What shares a line and a limit of concurrency: one function and partition. */
export function callKey(call: PendingCall): string {
  const { target, partition } = call.request;
  return partition === '' ? target.name : `${target.name}@${partition}`;
}
