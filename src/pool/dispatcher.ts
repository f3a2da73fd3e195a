import type { GuestFunction } from '../model/guest-function.ts';
import type { PendingCall } from './call.ts';
import { CallQueue, type Offered } from './call-queue.ts';
import { Concurrency } from './concurrency.ts';
import { Costs } from './costs.ts';
import type { ExecutorEnd } from './executor.ts';
import type { ExecutorGroups } from './executor-groups.ts';
import { crashError } from './executor-loss.ts';
import type { Lane } from './lane.ts';
import { chooseLane, chooseLaneApart, useOf } from './lane-choice.ts';
import { overloadedError, quarantinedError, waitedError } from './pool-errors.ts';

/** Arguments of calls that wait, which are held in this process. */
const MAX_QUEUED_BYTES = 256 * 1024 * 1024;
// A call comes back when its isolate ends before it, or when a call before it takes long; this often is
// no accident any more.
const MAX_RETURNED = 50;

/** Sends calls to lanes, and keeps those for which there is no room. */
export class Dispatcher {
  readonly costs = new Costs();
  readonly #groups: ExecutorGroups;
  readonly #maxQueue: number;
  readonly #queue = new CallQueue();
  readonly #concurrency = new Concurrency();
  #lastEnd: ExecutorEnd | undefined;
  #isServing = false;

  /** @param maxQueue calls that may wait */
  constructor(groups: ExecutorGroups, maxQueue: number) {
    this.#groups = groups;
    this.#maxQueue = maxQueue;
  }

  /** Calls that wait. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Sends a call now, or when there is room for it; fails it, or another one, if too many wait. */
  submit(call: PendingCall): void {
    if (this.#dispatch(call) === 'taken') return;
    if (!call.request.nested && this.#isFull()) {
      const longest = this.#queue.longestBefore(call);
      const refused = longest ?? call;
      const waiting = { calls: this.#queue.size, bytes: this.#queue.bytes };
      refused.fail(overloadedError(refused.request, waiting));
      if (refused === call) return;
    }
    this.#queue.add(call);
  }

  /** For a call that its worker has given back, or that was on an executor which ended, without having begun. */
  resend(call: PendingCall): void {
    this.left(call);
    if (call.settled) return;
    // Its worker may have come to it too late.
    if (performance.now() >= call.deadline) call.fail(waitedError(call.request));
    else if (this.#dispatch(call) !== 'taken') this.#queue.addReturned(call);
  }

  /** The same, and counts how often it comes back. */
  resendReturned(call: PendingCall): void {
    call.returned += 1;
    if (call.returned > MAX_RETURNED) call.fail(waitedError(call.request));
    this.resend(call);
  }

  /** The call has settled, or its worker has done with it. */
  left(call: PendingCall): void {
    this.#concurrency.leave(call);
  }

  /** A call that has settled waits no longer. */
  forget(call: PendingCall): void {
    this.#queue.remove(call);
  }

  /** An executor has ended: what is said if none comes to life in its place. */
  ended(end: ExecutorEnd): void {
    this.#lastEnd = end;
  }

  /** There is room: who waits goes before who comes. */
  serve(): void {
    if (this.#queue.size > 0) this.#queue.serve((call) => this.#dispatch(call));
  }

  /** The same once for all that happens in one go, such as a thousand calls that end together. */
  serveSoon(): void {
    if (this.#queue.size === 0 || this.#isServing) return;
    this.#isServing = true;
    queueMicrotask(() => {
      this.#isServing = false;
      this.serve();
    });
  }

  #isFull(): boolean {
    return this.#queue.size >= this.#maxQueue || this.#queue.bytes > MAX_QUEUED_BYTES;
  }

  #dispatch(call: PendingCall): Offered {
    if (!this.#concurrency.mayEnter(call)) return 'busy';
    try {
      const lane = this.#laneFor(call);
      if (lane === undefined) return 'no-lane';
      this.#concurrency.enter(call);
      lane.send(call, useOf(call));
    } catch (error) {
      // Quarantined, or no executor could be started: better an answer now than a call that waits for nothing.
      this.left(call);
      call.fail(error);
    }
    return 'taken';
  }

  #laneFor(call: PendingCall): Lane | undefined {
    const { target } = call.request;
    const { suspects } = this.#groups;
    const standing = suspects.standing(target.name);
    if (standing === 'quarantined')
      throw quarantinedError(target, suspects.quarantineMs(target.name));
    const lanes = this.#groups.lanesFor(target.name);
    if (lanes.length === 0) return this.#noLane(target);
    if (standing === 'suspect') return chooseLaneApart(call, lanes);
    return chooseLane(call, lanes, this.costs);
  }

  /** Until another executor may be started calls wait, unless none would come to life anyway. */
  #noLane(target: GuestFunction): undefined {
    const end = this.#lastEnd;
    if (end === undefined || !this.#groups.isHopeless(target.name)) return undefined;
    throw crashError(end, target, false);
  }
}
