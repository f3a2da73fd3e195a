import type { ScatterError } from '../errors.ts';
import { codeKey, type GuestFunction } from '../model/guest-function.ts';
import { type CallRequest, PendingCall } from './call.ts';
import { timeoutError } from './call-error.ts';
import { CallQueue } from './call-queue.ts';
import { Concurrency } from './concurrency.ts';
import { Costs } from './costs.ts';
import type { ExecutorEnd } from './executor.ts';
import { ExecutorGroups } from './executor-groups.ts';
import { crashError, loadLossError, settleLosses } from './executor-loss.ts';
import type { Lane } from './lane.ts';
import { chooseLane, chooseLaneApart, useOf } from './lane-choice.ts';
import type { IsolateUse, LaneIsolate } from './lane-isolate.ts';
import { Loads, runs } from './loads.ts';
import {
  abortedError,
  closedError,
  overloadedError,
  quarantinedError,
  waitedError,
} from './pool-errors.ts';
import { type Endings, NO_ENDINGS, type PoolOptions, type PoolStats } from './pool-options.ts';
import { Supervisor } from './supervisor.ts';

// An executor can end under a call that has not begun; this often is no accident any more.
const MAX_RESENT = 20;

/** Runs functions in executor processes. Starts the first one at the first call or load. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #groups: ExecutorGroups;
  readonly #loads: Loads;
  readonly #supervisor: Supervisor;
  readonly #queue = new CallQueue();
  readonly #costs = new Costs();
  readonly #concurrency = new Concurrency();
  readonly #pending = new Set<PendingCall>();
  // Functions that nobody serves any more but that calls under way may still load.
  readonly #retired = new Set<string>();
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;
  #endings: Endings = NO_ENDINGS;
  #lastEnd: ExecutorEnd | undefined;
  readonly #onEnd: (end: ExecutorEnd) => void;

  /** @param onEnd hears of each executor that ended without being asked to */
  constructor(options: PoolOptions, onEnd: (end: ExecutorEnd) => void = () => undefined) {
    this.#options = options;
    this.#onEnd = onEnd;
    this.#groups = new ExecutorGroups(options, {
      onRoom: () => this.#serveQueue(),
      onCost: (isolate, ms) => this.#costs.record(isolate.use.target, ms),
      onNotBegun: (call) => this.#resend(call),
      onEmpty: (lane, isolate) => this.#emptied(lane, isolate),
      onEnd: (end) => this.#lose(end),
    });
    this.#loads = new Loads(this.#groups, () => this.#becomeIdle());
    this.#supervisor = new Supervisor(
      {
        executors: () => this.#groups.all(),
        calls: () => this.#pending,
        isIdle: () => this.#pending.size === 0 && this.#loads.count === 0,
        onLate: (call) => this.#late(call),
      },
      options.memoryMb,
    );
  }

  /**
   * Runs a call, now or when there is room for it.
   *
   * @throws ScatterError `POOL_OVERLOADED`, `POOL_CLOSED`, `ABORTED`, `GUEST_*`, `EXECUTOR_CRASHED`,
   * `CALL_CUT_OFF`, `VALUE_*`
   */
  call(request: CallRequest): Promise<unknown> {
    if (this.#closing !== undefined && !request.nested) return Promise.reject(closedError());
    if (!request.nested && this.#queue.size >= this.#options.maxQueue)
      return Promise.reject(overloadedError(request, this.#options.maxQueue));
    if (request.signal?.aborted) return Promise.reject(abortedError(request));
    return new Promise((resolve, reject) => this.#admit(new PendingCall(request, resolve, reject)));
  }

  /** Loads a function where there is room, beside what is there. */
  async prepare(use: IsolateUse): Promise<void> {
    this.#beginLoad();
    await this.#loads.prepare(use);
  }

  /** Loads `next` wherever `previous` is loaded: what a swap does before it repoints a name. */
  async prepareBeside(
    next: GuestFunction,
    previous: GuestFunction,
    use: IsolateUse,
  ): Promise<void> {
    this.#beginLoad();
    await this.#loads.prepareBeside(next, previous, use);
  }

  /** Nobody serves this version any more: its isolates finish what they have, then go. */
  retire(target: GuestFunction): void {
    this.#retired.add(codeKey(target));
    for (const lane of this.#groups.lanesIfStarted()) {
      for (const isolate of lane.isolates.active()) {
        if (runs(isolate, target)) lane.isolates.retire(isolate);
      }
    }
  }

  /** Somebody serves this version again. */
  keep(target: GuestFunction): void {
    this.#retired.delete(codeKey(target));
  }

  stats(): PoolStats {
    const executors = this.#groups.all();
    const lanes = executors.flatMap((executor) => executor.lanes);
    return {
      executors: executors.length,
      lanes: lanes.length,
      isolates: lanes.reduce((sum, lane) => sum + lane.isolates.count, 0),
      inFlight: lanes.reduce((sum, lane) => sum + lane.unanswered, 0),
      queued: this.#queue.size,
      restarts: Object.values(this.#endings).reduce((sum, count) => sum + count, 0),
      endings: this.#endings,
      suspects: this.#groups.suspects.list(),
      pids: executors.flatMap(({ pid }) => pid ?? []),
    };
  }

  /** Takes no new calls, lets the running ones finish, then ends the executors. Twice is fine. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#becomeIdle();
    });
    this.#supervisor.stop();
    await this.#groups.close();
  }

  #beginLoad(): void {
    if (this.#closing !== undefined) throw closedError();
    this.#supervisor.wake();
  }

  #admit(call: PendingCall): void {
    const { signal } = call.request;
    const abort = (): void => this.#giveUp(call, abortedError(call.request));
    signal?.addEventListener('abort', abort, { once: true });
    this.#pending.add(call);
    call.onEnd(() => {
      signal?.removeEventListener('abort', abort);
      this.#pending.delete(call);
      this.#queue.remove(call);
      this.#concurrency.leave(call);
      this.#becomeIdle();
    });
    this.#supervisor.wake();
    if (!this.#dispatch(call)) this.#queue.add(call);
  }

  #dispatch(call: PendingCall): boolean {
    if (!this.#concurrency.mayEnter(call)) return false;
    try {
      const lane = this.#laneFor(call);
      if (lane === undefined) return false;
      this.#concurrency.enter(call);
      lane.send(call, useOf(call));
    } catch (error) {
      // Quarantined, or no executor could be started: better an answer now than a call that waits for nothing.
      call.fail(error);
    }
    return true;
  }

  #laneFor(call: PendingCall): Lane | undefined {
    const { target } = call.request;
    const standing = this.#groups.suspects.standing(target.name);
    if (standing !== 'quarantined') {
      const lanes = this.#groups.lanesFor(target.name);
      if (lanes.length === 0) return this.#noLane(call);
      if (standing === 'suspect') return chooseLaneApart(call, lanes);
      return chooseLane(call, lanes, this.#costs);
    }
    throw quarantinedError(target, this.#groups.suspects.quarantineMs(target.name));
  }

  /** Until another executor may be started calls wait, unless none would come to life anyway. */
  #noLane({ request }: PendingCall): undefined {
    const end = this.#lastEnd;
    if (end === undefined || !this.#groups.isHopeless(request.target.name)) return undefined;
    throw crashError(end, request.target, false);
  }

  #serveQueue(): void {
    if (this.#queue.size > 0) this.#queue.serve((call) => this.#dispatch(call));
  }

  #emptied(lane: Lane, isolate: LaneIsolate): void {
    if (this.#retired.has(codeKey(isolate.use.target))) lane.isolates.retire(isolate);
  }

  /** A call that has not begun anywhere goes to the front of its line. */
  #resend(call: PendingCall): void {
    this.#concurrency.leave(call);
    if (call.settled) return;
    // Its worker may have come to it too late.
    if (performance.now() >= call.deadline) call.fail(waitedError(call.request));
    else if (!this.#dispatch(call)) this.#queue.addReturned(call);
  }

  #lose(end: ExecutorEnd): void {
    if (!end.asked) {
      this.#endings = { ...this.#endings, [end.ending]: this.#endings[end.ending] + 1 };
      this.#onEnd(end);
    }
    this.#lastEnd = end;
    const { failed, unbegun } = settleLosses(end);
    for (const lane of end.executor.lanes) {
      lane.isolates.abandon((isolate) => loadLossError(end, isolate));
    }
    for (const { call, error } of failed) call.fail(error);
    for (const call of unbegun) {
      call.resent += 1;
      if (call.resent > MAX_RESENT) call.fail(crashError(end, call.request.target, false));
      else this.#resend(call);
    }
    this.#serveQueue();
  }

  #late(call: PendingCall): void {
    const { target, limits } = call.request;
    if (this.#concurrency.has(call)) return this.#giveUp(call, timeoutError(target, limits));
    this.#giveUp(call, waitedError(call.request));
  }

  /** Ends a call that no worker has answered; its place is free for another. */
  #giveUp(call: PendingCall, error: ScatterError): void {
    call.fail(error);
    this.#serveQueue();
  }

  #becomeIdle(): void {
    if (this.#pending.size === 0 && this.#loads.count === 0) this.#onIdle?.();
  }
}
