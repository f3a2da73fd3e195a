/** Loading the function and running calls of it. */
import { type CodecFailure, isCodecFailure } from '../../src/codec/codec-failure.ts';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { FAILURE, GUEST_RECORD } from '../../src/codec/frame-kinds.ts';
import { ReflectApply } from '../../src/codec/primordials.ts';
import { enterCall, type GuestCall } from './entry-call.ts';
import { encodeErrorReport } from './error-report.ts';
import { evaluateGlobally } from './guest-primordials.ts';
import { readInbox } from './inbox.ts';
import { appendRecord } from './outbox.ts';
import { scatterObject } from './scatter-object.ts';

type GuestFunction = (...args: unknown[]) => unknown;

let loadedFunction: GuestFunction | undefined;

/** Evaluates an artifact's code. Leaves a LOADED or a FAILED record. */
export function loadFunction(code: string): void {
  let trouble: string;
  try {
    const factory: unknown = evaluateGlobally(`(${code}\n)\n//# sourceURL=scatter:artifact`);
    if (typeof factory === 'function') {
      const made: unknown = ReflectApply(factory as GuestFunction, undefined, [scatterObject]);
      if (typeof made === 'function') {
        loadedFunction = made as GuestFunction;
        appendRecord(GUEST_RECORD.LOADED, 0, 0);
        return;
      }
    }
    trouble = 'the code does not evaluate to a function';
  } catch (thrown) {
    return appendRecord(GUEST_RECORD.FAILED, FAILURE.THREW, 0, encodeErrorReport(thrown));
  }
  const reason = encodeValue({ path: 'code', reason: trouble }, { root: '', maxBytes: 1024 });
  appendRecord(GUEST_RECORD.FAILED, FAILURE.NOT_LOADABLE, 0, reason);
}

/** Runs one call whose arguments are in the inbox. Its outcome is a record, now or later. */
export function runCall(
  id: number,
  argumentBytes: number,
  maxResultBytes: number,
  maxLogBytes: number,
): void {
  const call: GuestCall = { id, maxResultBytes, logBytesLeft: maxLogBytes };
  enterCall(call);
  let result: unknown;
  let later: boolean;
  try {
    const args = decodeValue(readInbox(), 0, argumentBytes) as unknown[];
    result = ReflectApply(loadedFunction as GuestFunction, undefined, args);
    later = isThenable(result);
  } catch (thrown) {
    return failCall(call, thrown);
  }
  if (later) void settleLater(call, result);
  else succeedCall(call, result);
}

function isThenable(value: unknown): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return typeof (value as { then?: unknown }).then === 'function';
}

async function settleLater(call: GuestCall, result: unknown): Promise<void> {
  let value: unknown;
  try {
    value = await result;
  } catch (thrown) {
    return failCall(call, thrown);
  }
  succeedCall(call, value);
}

function succeedCall(call: GuestCall, value: unknown): void {
  try {
    const bytes = encodeValue(value, { root: 'result', maxBytes: call.maxResultBytes });
    appendRecord(GUEST_RECORD.RESULT, 0, call.id, bytes);
  } catch (thrown) {
    if (isCodecFailure(thrown)) rejectResult(call, thrown);
    else failCall(call, thrown);
  }
}

function failCall(call: GuestCall, thrown: unknown): void {
  try {
    appendRecord(GUEST_RECORD.FAILED, FAILURE.THREW, call.id, encodeErrorReport(thrown));
  } catch {
    // There is no room for what was thrown, which was a lack of room most likely; without a record the
    // call would wait for its deadline.
    appendRecord(GUEST_RECORD.FAILED, FAILURE.OUT_OF_MEMORY, call.id);
  }
}

function rejectResult(call: GuestCall, failure: CodecFailure): void {
  const kind = failure.kind === 'too-large' ? FAILURE.TOO_LARGE : FAILURE.UNSUPPORTED;
  const report = { path: failure.path, reason: failure.reason };
  const body = encodeValue(report, { root: '', maxBytes: 65_536 });
  appendRecord(GUEST_RECORD.FAILED, kind, call.id, body);
}
