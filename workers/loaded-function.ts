import type { CallHead } from '../src/codec/call-frame.ts';
import { encodeValue } from '../src/codec/encode.ts';
import { word } from '../src/codec/frame.ts';
import { ENTRY, FAILURE, GUEST_RECORD, WORKER_FRAME } from '../src/codec/frame-kinds.ts';
import type { LoadSpec } from '../src/model/load-spec.ts';
import type { EntryWatch } from './entry-watch.ts';
import { GuestTimers } from './guest-timers.ts';
import type { EntryEnd, Isolate } from './isolate.ts';
import { OpenCall } from './open-call.ts';
import { OpenCalls } from './open-calls.ts';
import { OpenRequests } from './open-requests.ts';
import type { Outbound } from './outbound.ts';
import type { GuestRecord } from './records.ts';

// Failures that a guest may report of itself; the others are the worker's to say.
const GUEST_FAILURES: readonly number[] = [FAILURE.THREW, FAILURE.UNSUPPORTED, FAILURE.TOO_LARGE];
const LOAD_FAILURES: readonly number[] = [FAILURE.THREW, FAILURE.NOT_LOADABLE];
const MAX_REPORT_BYTES = 2 * 1024 * 1024;
const MAX_REQUEST_BYTES = 9 * 1024 * 1024;

/** A function in its isolate, with the calls that are open in it: the event loop of one guest. */
export class LoadedFunction {
  readonly id: number;
  readonly #isolate: Isolate;
  readonly #spec: LoadSpec;
  readonly #out: Outbound;
  readonly #watch: EntryWatch;
  readonly #open = new OpenCalls();
  readonly #timers = new GuestTimers((timer, call) => this.#fire(timer, call));
  readonly #requests: OpenRequests;
  readonly #onGone: () => void;
  #state: 'active' | 'retired' | 'gone' = 'active';
  #entered = 0;

  constructor(
    id: number,
    isolate: Isolate,
    spec: LoadSpec,
    o: { out: Outbound; watch: EntryWatch; onGone: () => void },
  ) {
    this.id = id;
    this.#isolate = isolate;
    this.#spec = spec;
    this.#requests = new OpenRequests(spec);
    this.#out = o.out;
    this.#watch = o.watch;
    this.#onGone = o.onGone;
  }

  /** Evaluates the code; answers with LOADED or LOAD_FAILED. */
  load(): void {
    const { cpuMs, code, env } = this.#spec;
    this.#watch.beginLoad(this.id, cpuMs);
    const environment = encodeValue([Object.keys(env), Object.values(env)], {
      root: 'env',
      maxBytes: MAX_REPORT_BYTES,
    });
    this.#isolate.putInbox(environment);
    this.#isolate.enter(cpuMs, ENTRY.ENVIRONMENT, 0, environment.byteLength);
    let answer: 'loaded' | 'failed' | undefined;
    const onRecord = (record: GuestRecord): void => {
      answer ??= this.#answerLoad(record);
    };
    let end = this.#isolate.enter(cpuMs, ENTRY.LOAD, code);
    if (end === 'returned') end = this.#isolate.drain(cpuMs, MAX_REPORT_BYTES, onRecord);
    if (answer === undefined)
      this.#out.append(WORKER_FRAME.LOAD_FAILED, this.id, [], this.#blame(end));
    if (answer !== 'loaded' || end !== 'returned') this.dispose();
  }

  /** Runs a call, or says that it did not begin. */
  begin(callId: number, head: CallHead, args: Uint8Array): void {
    if (this.#state !== 'active') {
      this.#out.append(WORKER_FRAME.FAILED, callId, [], FAILURE.NOT_BEGUN);
      return;
    }
    const call = new OpenCall(callId, head);
    const alone = this.#open.size === 0 ? 1 : 0;
    this.#open.add(call);
    this.#watch.beginCall(this.id, callId, call.entryLimitMs);
    this.#isolate.putInbox(args);
    const { maxResultBytes, maxLogBytes } = head;
    this.#enter(call, ENTRY.CALL, callId, args.byteLength, maxResultBytes, maxLogBytes, alone);
  }

  /** Brings the answer to a request; `ok` tells a value from an error. */
  answer(requestId: number, ok: boolean, value: Uint8Array): void {
    const call = this.#open.callToBlame(this.#requests.close(requestId));
    if (call === undefined) return;
    this.#watch.resumeCall(this.id, call.id, call.entryLimitMs);
    this.#isolate.putInbox(value);
    this.#enter(call, ENTRY.ANSWER, requestId, ok ? 1 : 0, value.byteLength);
  }

  /** Forgets a call nobody waits for; what it left running ends with the isolate. */
  cancel(callId: number): void {
    const call = this.#open.get(callId);
    if (call === undefined) return;
    this.#open.settle(call);
    this.#rest();
  }

  /** No new calls; gone when the open ones have settled. */
  retire(): void {
    if (this.#state === 'active') this.#state = 'retired';
    this.#rest();
  }

  dispose(): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    for (const call of this.#open.all()) this.#fail(call, FAILURE.CUT_OFF);
    this.#timers.clearAll();
    this.#isolate.dispose();
    this.#out.append(WORKER_FRAME.DISPOSED, this.id);
    this.#onGone();
  }

  #enter(call: OpenCall, entry: number, a: number, b = 0, c = 0, d = 0, e = 0): void {
    const limitMs = call.entryLimitMs;
    if (limitMs <= 0) return this.#timeOut(call);
    this.#entered = performance.now();
    const entered = this.#isolate.enter(limitMs, entry, a, b, c, d, e);
    // Also after a timeout: other calls may have settled in the same entry.
    const drained = this.#isolate.isDisposed
      ? 'disposed'
      : this.#isolate.drain(
          limitMs,
          Math.max(this.#open.largestResult, MAX_REQUEST_BYTES),
          (record) => this.#take(record),
        );
    call.cpuLeftMs -= performance.now() - this.#entered;
    this.#finish(call, entered === 'returned' ? drained : entered, drained);
  }

  #finish(call: OpenCall, entered: EntryEnd, drained: EntryEnd): void {
    if (entered === 'disposed' || drained === 'disposed') return this.#lose(call);
    if (entered === 'timeout') return this.#timeOut(call);
    if (this.#open.has(call.id)) call.awaitDeadline(() => this.#timeOut(call));
    this.#rest();
  }

  #take(record: GuestRecord): void {
    switch (record.kind) {
      case GUEST_RECORD.RESULT:
        return this.#takeResult(record);
      case GUEST_RECORD.FAILED:
        return this.#takeFailure(record);
      case GUEST_RECORD.LOG:
        return this.#takeLog(record);
      case GUEST_RECORD.REQUEST:
        return this.#takeRequest(record);
      case GUEST_RECORD.TIMER:
        return this.#timers.start(record);
      case GUEST_RECORD.CLEAR_TIMER:
        return this.#timers.clear(record.id);
    }
  }

  #takeResult(record: GuestRecord): void {
    const call = this.#open.get(record.id);
    if (call === undefined) return;
    if (record.body.byteLength > call.maxResultBytes) return this.#fail(call, FAILURE.REJECTED);
    this.#out.append(WORKER_FRAME.RESULT, call.id, [record.body], 0, this.#cost());
    this.#open.settle(call);
  }

  #takeFailure(record: GuestRecord): void {
    const call = this.#open.get(record.id);
    if (call === undefined) return;
    const allowed =
      GUEST_FAILURES.includes(record.detail) && record.body.byteLength <= MAX_REPORT_BYTES;
    this.#fail(call, allowed ? record.detail : FAILURE.REJECTED, allowed ? [record.body] : []);
  }

  #takeLog(record: GuestRecord): void {
    const call = this.#open.get(record.id);
    if (call === undefined || call.logBytesLeft < 0) return;
    call.logBytesLeft -= record.body.byteLength;
    this.#out.append(WORKER_FRAME.LOG, call.id, [record.body], record.detail);
  }

  #takeRequest(record: GuestRecord): void {
    if (!this.#requests.open(record, this.#open)) return;
    const parts = [word(this.id), record.body];
    this.#out.append(WORKER_FRAME.REQUEST, record.id, parts, record.detail);
  }

  #answerLoad(record: GuestRecord): 'loaded' | 'failed' | undefined {
    if (record.kind === GUEST_RECORD.LOADED) {
      this.#out.append(WORKER_FRAME.LOADED, this.id);
      return 'loaded';
    }
    if (record.kind !== GUEST_RECORD.FAILED || !LOAD_FAILURES.includes(record.detail)) {
      return undefined;
    }
    this.#out.append(WORKER_FRAME.LOAD_FAILED, this.id, [record.body], record.detail);
    return 'failed';
  }

  #fire(timerId: number, callId: number): void {
    const call = this.#open.callToBlame(callId);
    if (call === undefined) return;
    this.#watch.resumeCall(this.id, call.id, call.entryLimitMs);
    this.#enter(call, ENTRY.TIMER, timerId);
    this.#watch.rest();
  }

  #timeOut(call: OpenCall): void {
    if (!this.#open.has(call.id)) return this.#rest();
    this.#fail(call, FAILURE.TIMEOUT);
    if (this.#state === 'active') {
      this.#state = 'retired';
      this.#out.append(WORKER_FRAME.RETIRED, this.id);
    }
    this.#rest();
  }

  #lose(culprit: OpenCall): void {
    if (this.#open.has(culprit.id)) this.#fail(culprit, this.#blame('disposed'));
    this.dispose();
  }

  #blame(end: EntryEnd): number {
    if (end === 'timeout') return FAILURE.TIMEOUT;
    return this.#isolate.isDisposed ? FAILURE.OUT_OF_MEMORY : FAILURE.REJECTED;
  }

  #fail(call: OpenCall, failure: number, parts: readonly Uint8Array[] = []): void {
    this.#out.append(WORKER_FRAME.FAILED, call.id, parts, failure, this.#cost());
    this.#open.settle(call);
  }

  /** After anything that may have been the last thing to do here. */
  #rest(): void {
    if (this.#open.size > 0 || this.#state === 'gone') return;
    // No guest code runs while nobody waits for it.
    this.#timers.clearAll();
    this.#requests.clear();
    if (this.#state === 'retired') this.dispose();
  }

  #cost(): number {
    return performance.now() - this.#entered;
  }
}
