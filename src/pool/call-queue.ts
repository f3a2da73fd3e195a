import type { PendingCall } from './call.ts';

/** The calls of one function and partition, in the order they are served. */
interface Line {
  /** Had their turn already. */
  readonly returned: Set<PendingCall>;
  readonly waiting: Set<PendingCall>;
}

/** Calls that wait for a place, one line for each function and partition, served in turn. */
export class CallQueue {
  // Insertion order is the turn: a line that was served goes to the end.
  readonly #lines = new Map<string, Line>();
  #size = 0;

  /** Calls that wait. */
  get size(): number {
    return this.#size;
  }

  add(call: PendingCall): void {
    this.#lineOf(call).waiting.add(call);
    this.#size += 1;
  }

  /** For a call that had its turn already: before those that had none. */
  addReturned(call: PendingCall): void {
    this.#lineOf(call).returned.add(call);
    this.#size += 1;
  }

  /** A call that has settled waits no longer. */
  remove(call: PendingCall): void {
    const key = callKey(call);
    const line = this.#lines.get(key);
    if (line === undefined || !this.#take(line, call)) return;
    if (firstOf(line) === undefined) this.#lines.delete(key);
  }

  /** Offers the first call of each line in turn until no line's first call is taken any more. */
  serve(take: (call: PendingCall) => boolean): void {
    let refused = 0;
    while (this.#lines.size > 0 && refused < this.#lines.size) {
      const [next] = this.#lines;
      if (next === undefined) return;
      const [key, line] = next;
      const call = firstOf(line);
      const taken = call !== undefined && take(call);
      refused = taken ? 0 : refused + 1;
      // Taking a call may settle it, and so have removed it already.
      if (taken) this.#take(line, call);
      if (this.#lines.get(key) !== line) continue;
      this.#lines.delete(key);
      if (firstOf(line) !== undefined) this.#lines.set(key, line);
    }
  }

  #take(line: Line, call: PendingCall): boolean {
    if (!line.returned.delete(call) && !line.waiting.delete(call)) return false;
    this.#size -= 1;
    return true;
  }

  #lineOf(call: PendingCall): Line {
    const key = callKey(call);
    const line = this.#lines.get(key) ?? { returned: new Set(), waiting: new Set() };
    this.#lines.set(key, line);
    return line;
  }
}

/** What shares a line and a limit of concurrency: one function and partition. */
export function callKey(call: PendingCall): string {
  const { target, partition } = call.request;
  return partition === '' ? target.name : `${target.name}@${partition}`;
}

function firstOf({ returned, waiting }: Line): PendingCall | undefined {
  const [first] = returned.size > 0 ? returned : waiting;
  return first;
}
