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
const MAX_REFUSALS = 1000;
// So many calls of a function never have to go for others.
const FEW = 16;

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
   * For a call that comes while there is no room: the newest call of the longest line, which is to go in its
   * place; undefined if it is the new call that has to.
   */
  longestBefore(call: PendingCall): PendingCall | undefined {
    const name = call.request.target.name;
    let longest: Lines | undefined;
    let longestName = '';
    for (const [other, lines] of this.#functions) {
      if (longest !== undefined && weightOf(lines) <= weightOf(longest)) continue;
      longest = lines;
      longestName = other;
    }
    if (longest === undefined || longest.size <= FEW) return undefined;
    const line = longestLine(longest);
    const own = this.#functions.get(name)?.byKey.get(callKey(call))?.waiting.size ?? 0;
    // Its own function has most already, and its partition is no shorter than the others.
    if (longestName === name && own + 1 >= line.waiting.size) return undefined;
    return lastOf(line.waiting);
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

/** Calls and their bytes, each as a part of what a full queue has by default. */
function weightOf({ size, bytes }: Lines): number {
  return Math.max(size / 10_000, bytes / 2 ** 28);
}

function longestLine({ byKey }: Lines): Line {
  let longest: Line | undefined;
  for (const line of byKey.values()) {
    if (longest === undefined || line.waiting.size > longest.waiting.size) longest = line;
  }
  return longest ?? { returned: new Set(), waiting: new Set() };
}

function lastOf(calls: Iterable<PendingCall>): PendingCall | undefined {
  let last: PendingCall | undefined;
  for (const call of calls) last = call;
  return last;
}
