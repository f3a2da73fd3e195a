import { randomBytes } from 'node:crypto';
import { encodeValue } from '../src/codec/encode.ts';
import { ENTRY, FAILURE, FURNISHED, GUEST_RECORD } from '../src/codec/frame-kinds.ts';
import type { LoadSpec } from '../src/model/load-spec.ts';
import type { EntryEnd, Isolate } from './isolate.ts';
import type { GuestRecord } from './records.ts';

// What a guest may report of its load; the rest is the worker's to say.
const LOAD_FAILURES: readonly number[] = [FAILURE.THREW, FAILURE.NOT_LOADABLE];
const MAX_REPORT_BYTES = 2 * 1024 * 1024;
// A key of ChaCha20, see `guest/libraries/random-bytes.ts`.
const SEED_BYTES = 32;
// No guest code runs in that entry: its time is not the function's.
const FURNISH_MS = 1000;

/** Why code could not be loaded: a {@link FAILURE}, and what a FAILED frame of that kind has. */
export interface LoadFailure {
  readonly failure: number;
  readonly body: readonly Uint8Array[];
}

/** Evaluates a function's code in its isolate; undefined if that went well, to the end of what it left. */
export function loadCode(isolate: Isolate, spec: LoadSpec): LoadFailure | undefined {
  const { cpuMs, code } = spec;
  const trouble = furnish(isolate, spec);
  if (trouble !== undefined) return trouble;
  let answer: LoadFailure | 'loaded' | undefined;
  const onRecord = (record: GuestRecord): void => {
    answer ??= readAnswer(record);
  };
  const endMs = performance.now() + cpuMs;
  let end = isolate.enter(cpuMs, ENTRY.LOAD, code);
  if (end === 'returned') end = isolate.drain(endMs, MAX_REPORT_BYTES, onRecord);
  if (answer === 'loaded' && end === 'returned') return undefined;
  if (typeof answer === 'object') return answer;
  return { failure: failureFor(end, isolate), body: [] };
}

/** What an entry that ended so means for the call or load it was for. */
export function failureFor(end: EntryEnd, isolate: Isolate): number {
  if (end === 'timeout' || isolate.isStuck) return FAILURE.TIMEOUT;
  return isolate.isDisposed ? FAILURE.OUT_OF_MEMORY : FAILURE.REJECTED;
}

/** Hands in what the code finds beside the language. Undefined if that went well. */
function furnish(isolate: Isolate, { env, fetchIndex }: LoadSpec): LoadFailure | undefined {
  const parts = [Object.keys(env), Object.values(env), randomBytes(SEED_BYTES), fetchIndex];
  const environment = encodeValue(parts, { root: 'env', maxBytes: MAX_REPORT_BYTES });
  isolate.putInbox(environment, FURNISH_MS);
  const end = isolate.enter(FURNISH_MS, ENTRY.ENVIRONMENT, 0, environment.byteLength);
  // Without all of it, random numbers would be no secret, and `process.env` would not be there.
  if (end === 'returned' && isolate.firstInboxByte === FURNISHED) return undefined;
  const failure = end === 'returned' ? FAILURE.OUT_OF_MEMORY : failureFor(end, isolate);
  return { failure, body: [] };
}

function readAnswer(record: GuestRecord): LoadFailure | 'loaded' | undefined {
  if (record.kind === GUEST_RECORD.LOADED) return 'loaded';
  const { kind, detail, body } = record;
  if (kind !== GUEST_RECORD.FAILED || !LOAD_FAILURES.includes(detail)) return undefined;
  // A copy: more records may come into the same memory.
  return { failure: detail, body: [Buffer.from(body)] };
}
