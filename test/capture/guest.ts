import { monotonicMs } from '../../src/codec/call-frame.ts';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { WORKER_FRAME } from '../../src/codec/frame-kinds.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import { DueEntries } from '../../workers/due-entries.ts';
import { UNWATCHED } from '../../workers/entry-watch.ts';
import { Isolate } from '../../workers/isolate.ts';
import { LoadedFunction } from '../../workers/loaded-function.ts';
import { preludeSource } from '../../workers/prelude-source.ts';

/** What a function is and gives: the same for the live one and for its artifact. */
export interface Outcome {
  readonly name: string;
  readonly length: number;
  readonly value: unknown;
}

const LIMITS = { cpuMs: 10_000, maxResultBytes: 1e7, maxLogBytes: 1e6 };
const TIMEOUT_MS = 20_000;
const MEMORY_MB = 256;
const CALL_ID = 1;
let prelude: string | undefined;

// Generators give what they would give one by one: an iterator itself does not leave an isolate.
const CALL_AND_COLLECT = `async (fn, args) => {
  let value = await fn(...args);
  if (typeof value?.next === 'function') value = await Array.fromAsync(value);
  return { name: fn.name, length: fn.length, value };
}`;

/**
 * Runs an artifact in an isolate of its own with the guest's whole world, as a worker thread would.
 *
 * @param env what `process.env` holds there
 */
export async function guestOutcome(
  artifact: Artifact,
  args: readonly unknown[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const code = `($scatter) => {
    const fn = (${artifact.code}
    )($scatter);
    return (...args) => (${CALL_AND_COLLECT})(fn, args);
  }`;
  const spec = {
    name: 'row',
    version: 1,
    code,
    linkCount: 0,
    capabilityCount: 0,
    fetchIndex: -1,
    memoryMb: MEMORY_MB,
    env,
  };
  return (await runOnce({ ...spec, cpuMs: LIMITS.cpuMs }, args)) as Outcome;
}

/** The same of the live function, here. */
export async function directOutcome(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
): Promise<Outcome> {
  const { name, length } = fn;
  const value = await fn(...(args as never[]));
  return { name, length, value: isIterator(value) ? await collect(value) : value };
}

function isIterator(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && 'next' in value;
}

async function collect(values: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const one of values) all.push(one);
  return all;
}

type Spec = ConstructorParameters<typeof LoadedFunction>[2];

function runOnce(spec: Spec, args: readonly unknown[]): Promise<unknown> {
  prelude ??= preludeSource();
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const append = (kind: number, _id: number, parts?: readonly Uint8Array[], detail = 0): void => {
    if (kind === WORKER_FRAME.RESULT) resolve(decodeValue(Buffer.concat(parts ?? [])));
    if (kind === WORKER_FRAME.FAILED || kind === WORKER_FRAME.LOAD_FAILED) {
      reject(failureOf(Buffer.concat(parts ?? []), detail));
    }
  };
  const loaded = new LoadedFunction(1, new Isolate(spec.memoryMb, prelude), spec, {
    out: { append },
    watch: UNWATCHED,
    due: new DueEntries(),
    onGone: () => undefined,
  });
  loaded.load();
  const encoded = encodeValue(args, { root: 'args', maxBytes: LIMITS.maxResultBytes });
  const deadlineMs = monotonicMs() + TIMEOUT_MS;
  loaded.begin(CALL_ID, { ...LIMITS, deadlineMs, isolateId: loaded.id }, encoded);
  return promise.finally(() => loaded.dispose());
}

function failureOf(report: Uint8Array, failure: number): Error {
  if (report.byteLength === 0) return new Error(`the guest failed with ${failure}`);
  const { stack, path, reason } = decodeValue(report) as Record<string, string>;
  return new Error(`the guest failed: ${stack ?? `${path} ${reason}`}`);
}
