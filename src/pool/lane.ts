import type { Socket } from 'node:net';
import { encodeCallHead, monotonicMs } from '../codec/call-frame.ts';
import { decodeCost, type Frame, word } from '../codec/frame.ts';
import { FAILURE, HOST_FRAME, WORKER_FRAME } from '../codec/frame-kinds.ts';
import { FrameReader } from '../codec/frame-reader.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import type { PendingCall } from './call.ts';
import { readFailure } from './call-error.ts';
import { passLogLine } from './guest-log.ts';
import { answerRequest, readGuestRequest } from './guest-request.ts';
import { hasBegun, type Ids } from './ids.ts';
import type { LaneEvents } from './lane-events.ts';
import type { IsolateUse, LaneIsolate } from './lane-isolate.ts';
import { LaneIsolates } from './lane-isolates.ts';
import { LaneOutput } from './lane-output.ts';
import { SentCalls } from './sent-calls.ts';
import { Silence } from './silence.ts';

// From here on, a load tells of the function as a call does.
const LONG_LOAD_MS = 50;
// The largest result that a limit can allow, and some.
const MAX_FRAME_BYTES = 2 ** 31;

/** The host's end of the stream to one worker thread. */
export class Lane {
  readonly isolates: LaneIsolates;
  readonly #socket: Socket;
  readonly #ids: Ids;
  readonly #events: LaneEvents;
  readonly #output: LaneOutput;
  readonly #sent = new SentCalls();
  #waiting = 0;
  readonly #silence = new Silence();

  constructor(
    socket: Socket,
    o: {
      ids: Ids;
      env: Readonly<Record<string, string>>;
      maxIsolates: number;
      events: LaneEvents;
    },
  ) {
    this.#socket = socket;
    this.#output = new LaneOutput(socket);
    this.#ids = o.ids;
    this.#events = o.events;
    const send = this.#output.append.bind(this.#output);
    this.isolates = new LaneIsolates({ ...o, most: o.maxIsolates, send });
    const reader = new FrameReader((frame) => this.#take(frame), MAX_FRAME_BYTES);
    socket.on('data', (chunk: Buffer) => this.#read(reader, chunk));
    // The executor's exit tells the same and more; without a listener this would be uncaught.
    socket.on('error', () => socket.destroy());
    socket.unref();
  }

  /** Calls on the lane without an answer. */
  get unanswered(): number {
    return this.#sent.size;
  }

  /** Nothing runs or waits here. */
  get isIdle(): boolean {
    return this.#sent.size + this.#waiting === 0;
  }

  /** Whether the worker gives no sign. None is expected while it is busy, or nothing is waited for. */
  isSilent(now: number, isBusy: boolean): boolean {
    if (isBusy || this.isIdle) this.#silence.excuse(now);
    return this.#silence.isSilent(now, () => this.#output.append(HOST_FRAME.PING, 0, []));
  }

  /** Of calls without an answer, and of loads. */
  get unansweredBytes(): number {
    return this.#sent.bytes + this.isolates.loadingBytes;
  }

  /** The functions that have unanswered calls here, with their number. */
  get functions(): ReadonlyMap<GuestFunction, number> {
    return this.#sent.functions;
  }

  /** Sends a call, behind the load of its isolate if there is none yet. */
  send(call: PendingCall, use: IsolateUse): void {
    const { limits, args } = call.request;
    const isolate = limits.freshIsolate ? this.isolates.fresh(use) : this.isolates.for(use);
    const id = this.#ids.next();
    const now = performance.now();
    const deadlineMs = call.deadline - now + monotonicMs();
    const head = encodeCallHead({ ...limits, deadlineMs, isolateId: isolate.id });
    this.#output.append(HOST_FRAME.CALL, id, [head, args]);
    if (limits.freshIsolate) this.isolates.retire(isolate);
    isolate.lastUsed = now;
    this.#sent.add(id, call, isolate);
    call.lane = this;
    call.idOnLane = id;
    this.#keepAlive();
    call.onSettled(() => this.#settled(id, isolate));
  }

  /** Resolves when the isolate is loaded. */
  async prepare(use: IsolateUse): Promise<void> {
    this.#waiting += 1;
    this.#keepAlive();
    try {
      await this.isolates.for(use).loaded;
    } finally {
      this.#waiting -= 1;
      this.#keepAlive();
    }
  }

  /**
   * Gives back all calls when the executor has ended, split by whether the worker had begun them.
   * `lastBegun`: the call that was begun last, 0 for none, undefined if that is not known.
   */
  abandon(lastBegun: number | undefined): {
    begun: Map<number, PendingCall>;
    rest: Map<PendingCall, LaneIsolate>;
  } {
    const begun = new Map<number, PendingCall>();
    const rest = new Map<PendingCall, LaneIsolate>();
    for (const [id, { call, isolate }] of this.#sent.entries()) {
      this.#events.onLeft(call);
      if (call.settled) continue;
      call.onSettled(undefined);
      if (hasBegun(id, lastBegun)) begun.set(id, call);
      else rest.set(call, isolate);
    }
    this.#sent.clear();
    return { begun, rest };
  }

  /** No more frames; the worker ends its task and with it the thread. */
  close(): void {
    this.#output.flush();
    this.#socket.end();
  }

  #read(reader: FrameReader, chunk: Buffer): void {
    try {
      reader.feed(chunk);
    } catch (error) {
      return this.#events.onBroken(error);
    }
    this.#silence.heard(performance.now());
    this.#events.onRoom();
  }

  #take(frame: Frame): void {
    switch (frame.kind) {
      case WORKER_FRAME.RESULT:
        return this.#answered(frame, (call) => call.succeed(frame.body));
      case WORKER_FRAME.FAILED:
        return this.#answered(frame, (call) => this.#failed(call, frame));
      case WORKER_FRAME.LOG:
        return this.#log(frame);
      case WORKER_FRAME.REQUEST:
        return this.#request(frame);
      case WORKER_FRAME.LOADED:
        return this.#loaded(frame);
      case WORKER_FRAME.LOAD_FAILED:
        return this.#loadFailed(frame);
      case WORKER_FRAME.RETIRED:
        return this.isolates.forget(this.isolates.get(frame.id));
      case WORKER_FRAME.DISPOSED:
        return this.isolates.disposed(frame.id);
    }
  }

  #answered(frame: Frame, settle: (call: PendingCall) => void): void {
    const sent = this.#sent.take(frame.id);
    if (sent === undefined) return;
    const { call, isolate } = sent;
    // What was sent before this comes back before it is read, what is sent from now on is taken.
    if (frame.detail === FAILURE.NOT_BEGUN) this.#output.append(HOST_FRAME.RESUME, isolate.id, []);
    else this.#events.onCost(isolate, decodeCost(frame.cost));
    this.#events.onLeft(call);
    if (call.settled) return this.#keepAlive();
    this.#settled(frame.id, isolate);
    call.onSettled(undefined);
    settle(call);
  }

  #failed(call: PendingCall, frame: Frame): void {
    if (frame.detail === FAILURE.NOT_BEGUN) this.#events.onNotBegun(call);
    else call.fail(readFailure(frame, call.request.target, call.request.limits));
  }

  /** Whoever settled the call. If it was not the worker, it is told that nobody waits any more. */
  #settled(id: number, isolate: LaneIsolate): void {
    this.#sent.settle(id, isolate);
    if (this.#sent.has(id)) this.#output.append(HOST_FRAME.CANCEL, id, [word(isolate.id)]);
    if (isolate.calls.size === 0) this.#events.onEmpty(this, isolate);
    this.#keepAlive();
  }

  #loaded(frame: Frame): void {
    const isolate = this.isolates.get(frame.id);
    isolate?.settleLoad();
    const ms = decodeCost(frame.cost);
    if (isolate !== undefined && ms > LONG_LOAD_MS) this.#events.onCost(isolate, ms);
  }

  #loadFailed(frame: Frame): void {
    const isolate = this.isolates.get(frame.id);
    if (isolate === undefined) return;
    this.isolates.forget(isolate);
    const { target, cpuMs, memoryMb } = isolate.use;
    const error = readFailure(frame, target, { cpuMs, memoryMb, timeoutMs: cpuMs }, true);
    isolate.settleLoad(error);
    // The worker answers each of them, too: as not begun.
    for (const call of [...isolate.calls.values()]) call.fail(error);
  }

  #log(frame: Frame): void {
    const call = this.#sent.get(frame.id)?.call;
    if (call?.settled === false) passLogLine(frame, call);
  }

  #request(frame: Frame): void {
    const request = readGuestRequest(frame);
    const call = this.isolates.get(request.isolateId)?.calls.get(request.callId);
    if (call === undefined) return;
    void answerRequest(call.request, request).then(({ ok, value, onLeft }) => {
      // Nobody is left who could use it.
      if (call.settled) return onLeft?.();
      const parts = [word(request.isolateId), value];
      this.#output.append(HOST_FRAME.ANSWER, frame.id, parts, ok ? 1 : 0, onLeft);
    });
  }

  /** The program lives while a call is pending, and not because of us otherwise. */
  #keepAlive(): void {
    if (this.#socket.destroyed) return;
    if (this.#sent.awaited + this.#waiting > 0) this.#socket.ref();
    else this.#socket.unref();
  }
}
