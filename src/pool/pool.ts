import { isScatterError, type ScatterError } from '../errors.ts';
import { codeKey, type GuestFunction } from '../model/guest-function.ts';
import { type CallRequest, PendingCall } from './call.ts';
import { timeoutError } from './call-error.ts';
import { CallQueue } from './call-queue.ts';
import { Concurrency } from './concurrency.ts';
import { Costs } from './costs.ts';
import type { ExecutorEnd } from './executor.ts';
import { crashError, loadLossError, settleLosses } from './executor-loss.ts';
import { Executors } from './executors.ts';
import type { Lane } from './lane.ts';
import { chooseLane, useOf } from './lane-choice.ts';
import type { IsolateUse, LaneIsolate } from './lane-isolate.ts';
import { abortedError, closedError, overloadedError, waitedError } from './pool-errors.ts';
import type { PoolOptions, PoolStats } from './pool-options.ts';
import { Supervisor } from './supervisor.ts';

// An executor can end under a call that has not begun; this often is no accident any more.
const MAX_RESENT = 5;
const MAX_LOADS = 3;

/** Runs functions in executor processes. Starts the first one at the first call or load. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #executors: Executors;
  readonly #supervisor: Supervisor;
  readonly #queue = new CallQueue();
  readonly #costs = new Costs();
  readonly #concurrency = new Concurrency();
  readonly #pending = new Set<PendingCall>();
  // Functions that nobody serves any more but that calls under way may still load.
  readonly #retired = new Set<string>();
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;
  #loads = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#executors = new Executors(options, {
      onRoom: () => this.#serveQueue(),
      onCost: (isolate, ms) => this.#costs.record(isolate.use.target, ms),
      onNotBegun: (call) => this.#resend(call),
      onEmpty: (lane, isolate) => this.#emptied(lane, isolate),
      onEnd: (end) => this.#lose(end),
    });
    this.#supervisor = new Supervisor(
      {
        executors: () => this.#executors.all(),
        calls: () => this.#pending,
        isIdle: () => this.#pending.size === 0 && this.#loads === 0,
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
  prepare(use: IsolateUse): Promise<void> {
    return this.#loading(() => {
      const lanes = [...this.#executors.lanes()].sort((a, b) => a.unanswered - b.unanswered);
      return lanes[0]?.prepare(use) ?? Promise.reject(closedError());
    });
  }

  /** Loads `next` wherever `previous` is loaded: what a swap does before it repoints a name. */
  async prepareBeside(
    next: GuestFunction,
    previous: GuestFunction,
    use: IsolateUse,
  ): Promise<void> {
    let found = 0;
    await this.#loading(async () => {
      const loads = this.#executors.lanes().flatMap((lane) =>
        lane.isolates
          .active()
          .filter((isolate) => runs(isolate, previous))
          .map((isolate) => lane.prepare({ ...isolate.use, target: next })),
      );
      found = loads.length;
      await Promise.all(loads);
    });
    if (found === 0) await this.prepare(use);
  }

  /** Nobody serves this version any more: its isolates finish what they have, then go. */
  retire(target: GuestFunction): void {
    this.#retired.add(codeKey(target));
    for (const lane of this.#executors.lanesIfStarted()) {
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
    const executors = this.#executors.all();
    const lanes = executors.flatMap((executor) => executor.lanes);
    return {
      executors: executors.length,
      lanes: lanes.length,
      isolates: lanes.reduce((sum, lane) => sum + lane.isolates.count, 0),
      inFlight: lanes.reduce((sum, lane) => sum + lane.unanswered, 0),
      queued: this.#queue.size,
      restarts: this.#executors.restarts,
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
    await this.#executors.close();
  }

  /** Tries again when the executor ended under a load that was not to blame. */
  async #loading(load: () => Promise<void>): Promise<void> {
    if (this.#closing !== undefined) throw closedError();
    this.#loads += 1;
    this.#supervisor.wake();
    try {
      for (let tries = 1; ; tries += 1) {
        const error = await load().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error === undefined) return;
        const again = isScatterError(error, 'SCATTER_ERR_EXECUTOR_CRASHED') && error.retryable;
        if (!again || tries === MAX_LOADS) throw error;
      }
    } finally {
      this.#loads -= 1;
      this.#becomeIdle();
    }
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
      const lane = chooseLane(call, this.#executors.lanes(), this.#costs);
      if (lane === undefined) return false;
      this.#concurrency.enter(call);
      lane.send(call, useOf(call));
    } catch (error) {
      // No executor could be started: better an answer now than a call that waits for nothing.
      call.fail(error);
    }
    return true;
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
    if (!call.settled && !this.#dispatch(call)) this.#queue.addFirst(call);
  }

  #lose(end: ExecutorEnd): void {
    const { failed, unbegun } = settleLosses(end);
    for (const lane of end.executor.lanes) {
      lane.isolates.abandon((isolate) => loadLossError(end, isolate));
    }
    for (const { call, error } of failed) call.fail(error);
    for (const call of unbegun) {
      call.resent += 1;
      if (call.resent > MAX_RESENT || end.stillborn)
        call.fail(crashError(end, call.request.target, false));
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
    if (this.#pending.size === 0 && this.#loads === 0) this.#onIdle?.();
  }
}

function runs(isolate: LaneIsolate, target: GuestFunction): boolean {
  return codeKey(isolate.use.target) === codeKey(target);
}
