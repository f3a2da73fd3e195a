import type { PendingCall } from './call.ts';

/** What became of a call that was offered; `no-lane` holds for all calls of its function. */
export type Offered = 'taken' | 'busy' | 'no-lane';

/** The calls of one function and partition, in the order they are served. */
interface Line {
  /** Had their turn already. */
  readonly returned: Set<PendingCall>;
  readonly waiting: Set<PendingCall>;
}

/** The calls of one function, whose partitions take turns. */
interface Lines {
  readonly byKey: Map<string, Line>;
  size: number;
  bytes: number;
}

// Refusals in a row after which the rest waits for the next time: what was refused goes to the end.
const MAX_REFUSALS = 64;

/** Calls that wait for a place: functions take turns, and in each of them its partitions. */
export class CallQueue {
  // Insertion order is the turn: what was served goes to the end.
  readonly #functions = new Map<string, Lines>();
  #size = 0;
  #bytes = 0;

  /** Calls that wait. */
  get size(): number {
    return this.#size;
  }

  /** Of their arguments. */
  get bytes(): number {
    return this.#bytes;
  }

  add(call: PendingCall): void {
    this.#join(call).waiting.add(call);
  }

  /** For a call that had its turn already: before those that had none. */
  addReturned(call: PendingCall): void {
    this.#join(call).returned.add(call);
  }

  /** A call that has settled waits no longer. */
  remove(call: PendingCall): void {
    if (!call.isQueued) return;
    const lines = this.#functions.get(call.request.target.name);
    const key = callKey(call);
    const line = lines?.byKey.get(key);
    if (lines === undefined || line === undefined) return;
    if (!line.waiting.delete(call)) line.returned.delete(call);
    this.#count(call, lines, -1);
    call.isQueued = false;
    if (line.waiting.size + line.returned.size === 0) lines.byKey.delete(key);
    if (lines.size === 0) this.#functions.delete(call.request.target.name);
  }

  /** Offers the first call of each function in turn, until none is taken any more. */
  serve(take: (call: PendingCall) => Offered): void {
    let refused = 0;
    while (refused < Math.min(this.#functions.size, MAX_REFUSALS)) {
      const [next] = this.#functions;
      if (next === undefined) return;
      const [name, lines] = next;
      refused = this.#serveOne(lines, take) ? 0 : refused + 1;
      if (this.#functions.size < 2 || this.#functions.get(name) !== lines) continue;
      this.#functions.delete(name);
      this.#functions.set(name, lines);
    }
  }

  /**
   * For a call that comes while there is no room: the first call of the function that has most of them
   * waiting, which is to go in its place; undefined if that is the new call's own.
   */
  longestBefore({ request }: PendingCall): PendingCall | undefined {
    const own = this.#functions.get(request.target.name);
    const functions = this.#functions.size + (own === undefined ? 1 : 0);
    const isFair = ({ size, bytes }: Lines): boolean =>
      size * functions <= this.#size && bytes * functions <= this.#bytes;
    if (own !== undefined && !isFair(own)) return undefined;
    const others = [...this.#functions.values()].filter((lines) => lines !== own);
    const longest = others.find((lines) => !isFair(lines));
    const [line] = longest?.byKey.values() ?? [];
    return line && firstOf(line);
  }

  #serveOne({ byKey }: Lines, take: (call: PendingCall) => Offered): boolean {
    for (let asked = Math.min(byKey.size, MAX_REFUSALS); asked > 0; asked -= 1) {
      const [next] = byKey;
      if (next === undefined) return false;
      const [key, line] = next;
      const call = firstOf(line);
      const offered = call === undefined ? 'busy' : take(call);
      if (offered === 'no-lane') return false;
      // Taking a call may settle it, and so have removed it already.
      if (offered === 'taken' && call !== undefined) this.remove(call);
      if (byKey.size > 1 && byKey.get(key) === line) {
        byKey.delete(key);
        byKey.set(key, line);
      }
      if (offered === 'taken') return true;
    }
    return false;
  }

  #count({ request }: PendingCall, lines: Lines, by: 1 | -1): void {
    const bytes = by * request.args.byteLength;
    this.#size += by;
    this.#bytes += bytes;
    lines.size += by;
    lines.bytes += bytes;
  }

  #join(call: PendingCall): Line {
    const { name } = call.request.target;
    let lines = this.#functions.get(name);
    if (lines === undefined) {
      lines = { byKey: new Map(), size: 0, bytes: 0 };
      this.#functions.set(name, lines);
    }
    const key = callKey(call);
    let line = lines.byKey.get(key);
    if (line === undefined) {
      line = { returned: new Set(), waiting: new Set() };
      lines.byKey.set(key, line);
    }
    this.#count(call, lines, 1);
    call.isQueued = true;
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
