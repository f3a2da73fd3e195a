import type { ScatterError } from '../errors.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import { type CallRequest, PendingCall } from './call.ts';
import { timeoutError } from './call-error.ts';
import { Dispatcher } from './dispatcher.ts';
import type { ExecutorEnd } from './executor.ts';
import { ExecutorGroups } from './executor-groups.ts';
import { crashError, loadLossError, settleLosses } from './executor-loss.ts';
import type { Lane } from './lane.ts';
import type { IsolateUse, LaneIsolate } from './lane-isolate.ts';
import { Loads, runs } from './loads.ts';
import { abortedError, closedError, waitedError } from './pool-errors.ts';
import { type Endings, NO_ENDINGS, type PoolOptions, type PoolStats } from './pool-options.ts';
import { RetiredCode } from './retired-code.ts';
import { Supervisor } from './supervisor.ts';

// An executor can end under a call that has not begun; this often is no accident any more.
const MAX_RESENT = 20;
const DYING_MS = 5000;

/** Runs functions in executor processes. Starts the first one at the first call or load. */
export class Pool {
  readonly #groups: ExecutorGroups;
  readonly #loads: Loads;
  readonly #supervisor: Supervisor;
  readonly #dispatcher: Dispatcher;
  readonly #pending = new Set<PendingCall>();
  readonly #retired = new RetiredCode();
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;
  #endings: Endings = NO_ENDINGS;
  readonly #onEnd: (end: ExecutorEnd) => void;

  /** @param onEnd hears of each executor that ended without being asked to */
  constructor(options: PoolOptions, onEnd: (end: ExecutorEnd) => void = () => undefined) {
    this.#onEnd = onEnd;
    this.#groups = new ExecutorGroups(options, {
      onRoom: () => this.#dispatcher.serve(),
      onCost: (isolate, ms) => this.#dispatcher.costs.record(isolate.use.target, ms),
      onLeft: (call) => this.#dispatcher.left(call),
      onNotBegun: (call) => this.#dispatcher.resendReturned(call),
      onEmpty: (lane, isolate) => this.#emptied(lane, isolate),
      onEnd: (end) => this.#lose(end),
    });
    this.#dispatcher = new Dispatcher(this.#groups, options.maxQueue);
    this.#loads = new Loads(this.#groups, () => this.#becomeIdle());
    this.#supervisor = new Supervisor(
      {
        executors: () => this.#groups.all(),
        calls: () => this.#pending,
        isIdle: () => this.#pending.size === 0 && this.#loads.count === 0,
        onLate: (call) => this.#late(call),
        onFull: (executor) => this.#groups.drain(executor),
        onTick: () => this.#groups.endDrained(),
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
    this.#retired.add(target);
    for (const { isolates } of this.#groups.lanesIfStarted()) {
      isolates.retireWhere((isolate) => runs(isolate, target));
    }
  }

  /** Somebody serves this version again. */
  keep(target: GuestFunction): void {
    this.#retired.delete(target);
  }

  stats(): PoolStats {
    const executors = this.#groups.all();
    const lanes = executors.flatMap((executor) => executor.lanes);
    return {
      executors: executors.length,
      lanes: lanes.length,
      isolates: lanes.reduce((sum, lane) => sum + lane.isolates.count, 0),
      inFlight: lanes.reduce((sum, lane) => sum + lane.unanswered, 0),
      queued: this.#dispatcher.queued,
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
      // Once it is aborted the listener is gone, and to look for it among thousands would take long.
      if (signal?.aborted === false) signal.removeEventListener('abort', abort);
      this.#pending.delete(call);
      this.#dispatcher.forget(call);
      this.#becomeIdle();
    });
    this.#supervisor.wake();
    this.#dispatcher.submit(call);
  }

  #emptied(lane: Lane, isolate: LaneIsolate): void {
    if (this.#retired.has(isolate.use.target)) lane.isolates.retire(isolate);
  }

  #lose(end: ExecutorEnd): void {
    if (!end.asked) {
      this.#endings = { ...this.#endings, [end.ending]: this.#endings[end.ending] + 1 };
      this.#onEnd(end);
    }
    this.#dispatcher.ended(end);
    const { failed, unbegun } = settleLosses(end);
    for (const lane of end.executor.lanes) {
      lane.isolates.abandon((isolate) => loadLossError(end, isolate));
    }
    for (const { call, error } of failed) call.fail(error);
    for (const call of unbegun) {
      call.resent += 1;
      if (call.resent > MAX_RESENT) call.fail(crashError(end, call.request.target, false));
      else this.#dispatcher.resend(call);
    }
    this.#dispatcher.serve();
  }

  #late(call: PendingCall): void {
    const { target, limits } = call.request;
    if (!isOnLane(call)) return this.#giveUp(call, waitedError(call.request));
    const executor = this.#groups.all().find(({ lanes }) => lanes.some((one) => one === call.lane));
    // One that was killed tells what it had begun when it has ended, unless it never does.
    if (executor === undefined && performance.now() < call.deadline + DYING_MS) return;
    const hasBegun = executor === undefined || executor.hasBegun(call);
    this.#giveUp(call, hasBegun ? timeoutError(target, limits) : waitedError(call.request));
  }

  /** Ends a call that no worker has answered. */
  #giveUp(call: PendingCall, error: ScatterError): void {
    call.fail(error);
    this.#dispatcher.serveSoon();
  }

  #becomeIdle(): void {
    if (this.#pending.size === 0 && this.#loads.count === 0) this.#onIdle?.();
  }
}

function isOnLane({ lane, isQueued }: PendingCall): boolean {
  return lane !== undefined && !isQueued;
}
