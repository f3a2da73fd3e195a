import type { CallHead } from '../src/codec/call-frame.ts';
import { word } from '../src/codec/frame.ts';
import { ENTRY, FAILURE, GUEST_RECORD, WORKER_FRAME } from '../src/codec/frame-kinds.ts';
import type { LoadSpec } from '../src/model/load-spec.ts';
import type { DueEntries } from './due-entries.ts';
import type { EntryWatch } from './entry-watch.ts';
import { GuestTimers } from './guest-timers.ts';
import type { EntryEnd, Isolate } from './isolate.ts';
import { failureFor, loadCode } from './load-code.ts';
import { OpenCall } from './open-call.ts';
import { OpenCalls } from './open-calls.ts';
import { OpenRequests } from './open-requests.ts';
import type { Outbound } from './outbound.ts';
import type { GuestRecord } from './records.ts';

// Failures that a guest may report of itself; the others are the worker's to say.
const GUEST_FAILURES: readonly number[] = [
  FAILURE.THREW,
  FAILURE.UNSUPPORTED,
  FAILURE.TOO_LARGE,
  FAILURE.OUT_OF_MEMORY,
];
const MAX_REPORT_BYTES = 2 * 1024 * 1024;
const MAX_REQUEST_BYTES = 9 * 1024 * 1024;

/** A function in its isolate, with the calls that are open in it: the event loop of one guest. */
export class LoadedFunction {
  readonly id: number;
  readonly name: string;
  /** How long it was entered for last, what came of that included. */
  lastEntryMs = 0;
  readonly #isolate: Isolate;
  readonly #spec: LoadSpec;
  readonly #out: Outbound;
  readonly #watch: EntryWatch;
  readonly #open = new OpenCalls();
  readonly #timers: GuestTimers;
  readonly #requests: OpenRequests;
  readonly #onGone: () => void;
  #state: 'new' | 'active' | 'retired' | 'gone' = 'new';
  #entered = 0;

  constructor(
    id: number,
    isolate: Isolate,
    spec: LoadSpec,
    o: { out: Outbound; watch: EntryWatch; due: DueEntries; onGone: () => void },
  ) {
    this.id = id;
    this.name = spec.name;
    this.#isolate = isolate;
    this.#spec = spec;
    this.#requests = new OpenRequests(spec);
    this.#timers = new GuestTimers(o.due, spec.name, (timer, call) => this.#fire(timer, call));
    this.#out = o.out;
    this.#watch = o.watch;
    this.#onGone = o.onGone;
  }

  /** Evaluates the code, if that was not done yet; answers with LOADED or LOAD_FAILED. */
  load(): void {
    if (this.#state !== 'new') return;
    this.#state = 'active';
    this.#watch.beginLoad(this.id, this.#spec.cpuMs);
    const began = performance.now();
    const failed = loadCode(this.#isolate, this.#spec);
    const ms = performance.now() - began;
    if (failed === undefined) return this.#out.append(WORKER_FRAME.LOADED, this.id, [], 0, ms);
    this.#out.append(WORKER_FRAME.LOAD_FAILED, this.id, failed.body, failed.failure);
    this.dispose();
  }

  /** Runs a call, or says that it did not begin. */
  begin(callId: number, head: CallHead, args: Uint8Array): void {
    this.load();
    this.lastEntryMs = 0;
    const call = new OpenCall(callId, head);
    const limitMs = call.entryLimitMs;
    // If others took its time, that is nothing against its function.
    if (this.#state !== 'active' || limitMs <= 0) {
      this.#out.append(WORKER_FRAME.FAILED, callId, [], FAILURE.NOT_BEGUN);
      return;
    }
    const alone = this.#open.size === 0 ? 1 : 0;
    this.#open.add(call);
    this.#watch.beginCall(this.id, callId, limitMs);
    this.#isolate.putInbox(args, limitMs);
    const { maxResultBytes, maxLogBytes } = head;
    const bytes = args.byteLength;
    this.#enter(call, limitMs, ENTRY.CALL, callId, bytes, maxResultBytes, maxLogBytes, alone);
  }

  /** Brings the answer to a request; `ok` tells a value from an error. */
  answer(requestId: number, ok: boolean, value: Uint8Array): void {
    const call = this.#open.callToBlame(this.#requests.close(requestId));
    if (call === undefined) return;
    const limitMs = call.entryLimitMs;
    this.#watch.resumeCall(this.id, call.id, limitMs);
    this.#isolate.putInbox(value, limitMs);
    this.#enter(call, limitMs, ENTRY.ANSWER, requestId, ok ? 1 : 0, value.byteLength);
  }

  /** Forgets a call nobody waits for; what it left running ends with the isolate. */
  cancel(callId: number): void {
    const call = this.#open.get(callId);
    if (call === undefined) return;
    this.#fail(call, FAILURE.CUT_OFF);
    this.#rest();
  }

  /** No new calls; gone when the open ones have settled. */
  retire(): void {
    if (this.#state === 'active' || this.#state === 'new') this.#state = 'retired';
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

  #enter(
    call: OpenCall,
    limitMs: number,
    entry: number,
    a: number,
    b = 0,
    c = 0,
    d = 0,
    e = 0,
  ): void {
    if (limitMs <= 0) return this.#timeOut(call);
    this.#entered = performance.now();
    const entered = this.#isolate.enter(limitMs, entry, a, b, c, d, e);
    // Also after a timeout: other calls may have settled in the same entry.
    const drained = this.#isolate.isDisposed
      ? 'disposed'
      : this.#isolate.drain(
          this.#entered + limitMs,
          Math.max(this.#open.largestResult, MAX_REQUEST_BYTES),
          (record) => this.#take(record),
        );
    this.lastEntryMs = call.spend(this.#cost());
    this.#entered = 0;
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
    this.#out.append(WORKER_FRAME.RESULT, call.id, [record.body], 0, call.spentMs + this.#cost());
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
    if (call?.mayLog(record.body.byteLength) !== true) return;
    this.#out.append(WORKER_FRAME.LOG, call.id, [record.body], record.detail);
  }

  #takeRequest(record: GuestRecord): void {
    if (!this.#requests.open(record, this.#open)) return;
    const parts = [word(this.id), record.body];
    this.#out.append(WORKER_FRAME.REQUEST, record.id, parts, record.detail);
  }

  #fire(timerId: number, callId: number): void {
    const call = this.#open.callToBlame(callId);
    if (call === undefined) return;
    const limitMs = call.entryLimitMs;
    this.#watch.resumeCall(this.id, call.id, limitMs);
    this.#enter(call, limitMs, ENTRY.TIMER, timerId);
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
    if (this.#open.has(culprit.id)) this.#fail(culprit, failureFor('disposed', this.#isolate));
    this.dispose();
  }

  #fail(call: OpenCall, failure: number, parts: readonly Uint8Array[] = []): void {
    this.#out.append(WORKER_FRAME.FAILED, call.id, parts, failure, call.spentMs + this.#cost());
    this.#open.settle(call);
  }

  /** After anything that may have been the last thing to do here. */
  #rest(): void {
    if (this.#open.size > 0 || this.#state === 'gone') return;
    // No guest code runs while nobody waits for it.
    this.#timers.clearAll();
    this.#requests.clear();
    if (this.#state === 'active') this.#isolate.shrinkInbox();
    if (this.#state === 'retired') this.dispose();
  }

  #cost(): number {
    // A call that waits and times out is not slow.
    return this.#entered === 0 ? 0 : performance.now() - this.#entered;
  }
}
