import { DueEntries } from '../../workers/due-entries.ts';
import { UNWATCHED } from '../../workers/entry-watch.ts';
import { Isolate } from '../../workers/isolate.ts';
import { LoadedFunction } from '../../workers/loaded-function.ts';
import { preludeSource } from '../../workers/prelude-source.ts';
import { monotonicMs } from '../codec/call-frame.ts';
import { WORKER_FRAME } from '../codec/frame-kinds.ts';
import { ScatterError } from '../errors.ts';
import { FETCH_CAPABILITY } from '../model/fetch-capability.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import type { Limits } from '../model/limits.ts';
import { readFailure } from './call-error.ts';
import { type GuestLogLine, readLogLine } from './guest-log.ts';
import { isolateKey } from './lane-isolate.ts';

/** A call as {@link SyncRunner} is asked for it. */
export interface SyncCall {
  readonly target: GuestFunction;
  /** Encoded arguments. */
  readonly args: Uint8Array;
  readonly limits: Limits;
  readonly partition: string;
  readonly onLog: (line: GuestLogLine) => void;
}

/** What a synchronous call left behind, in place of frames on a lane. */
interface Answer {
  readonly kind: number;
  readonly detail: number;
  readonly body: Buffer;
}

const CALL_ID = 1;
const MAX_ISOLATES = 100;
const OUTCOMES: readonly number[] = [
  WORKER_FRAME.RESULT,
  WORKER_FRAME.FAILED,
  WORKER_FRAME.LOAD_FAILED,
];

/**
 * Runs trusted functions on the calling thread, in isolates of their own. No process stands around
 * them: a function that cannot be interrupted hangs the program.
 */
export class SyncRunner {
  readonly #env: Readonly<Record<string, string>>;
  readonly #loaded = new Map<string, LoadedFunction>();
  readonly #due = new DueEntries();
  #prelude: string | undefined;
  #answer: Answer | undefined;
  #target: GuestFunction | undefined;
  #onLog: ((line: GuestLogLine) => void) | undefined;

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  /**
   * @returns the encoded result
   * @throws ScatterError `CALL_NOT_SYNC` when the function does not settle before it returns, and what
   * a call gives
   */
  run(call: SyncCall): Buffer {
    const { target, limits, args } = call;
    const loaded = this.#loadedFor(call);
    this.#answer = undefined;
    this.#onLog = call.onLog;
    this.#target = target;
    const deadlineMs = monotonicMs() + limits.timeoutMs;
    loaded.begin(CALL_ID, { ...limits, deadlineMs, isolateId: loaded.id }, args);
    const answer = this.#answer as Answer | undefined;
    if (limits.freshIsolate) loaded.dispose();
    if (answer === undefined) {
      loaded.cancel(CALL_ID);
      throw notSync(target);
    }
    if (answer.kind === WORKER_FRAME.FAILED) throw readFailure(answer, target, limits);
    return answer.body;
  }

  dispose(): void {
    for (const loaded of [...this.#loaded.values()]) loaded.dispose();
  }

  #loadedFor({ target, limits, partition }: SyncCall): LoadedFunction {
    if (limits.freshIsolate) return this.#load('fresh', target, limits);
    const { memoryMb, cpuMs } = limits;
    const key = isolateKey({ target, partition, memoryMb, cpuMs });
    return this.#loaded.get(key) ?? this.#load(key, target, limits);
  }

  #load(key: string, target: GuestFunction, limits: Limits): LoadedFunction {
    this.#prelude ??= preludeSource();
    this.#evict();
    const { name, version, artifact } = target;
    const spec = {
      name,
      version,
      code: artifact.code,
      // An answer would come when the call has long returned.
      linkCount: 0,
      capabilityCount: 0,
      fetchIndex: artifact.requires.indexOf(FETCH_CAPABILITY),
      memoryMb: limits.memoryMb,
      cpuMs: limits.cpuMs,
      env: this.#env,
    };
    const isolate = new Isolate(limits.memoryMb, this.#prelude);
    const loaded: LoadedFunction = new LoadedFunction(1, isolate, spec, {
      out: { append: (kind, _id, parts, detail) => this.#take(kind, parts, detail) },
      watch: UNWATCHED,
      due: this.#due,
      onGone: () => this.#loaded.delete(key),
    });
    this.#answer = undefined;
    loaded.load();
    const answer = this.#answer as Answer | undefined;
    if (answer?.kind === WORKER_FRAME.LOAD_FAILED) {
      loaded.dispose();
      throw readFailure(answer, target, limits, true);
    }
    this.#loaded.set(key, loaded);
    return loaded;
  }

  #take(kind: number, parts: readonly Uint8Array[] = [], detail = 0): void {
    const frame = { kind, detail, body: Buffer.concat(parts) };
    if (kind === WORKER_FRAME.LOG) return this.#log(frame);
    // The first one counts: what comes behind an outcome tells about the isolate, not the call.
    if (this.#answer === undefined && OUTCOMES.includes(kind)) this.#answer = frame;
  }

  #log(frame: Answer): void {
    const line = this.#target && readLogLine(frame, this.#target);
    if (line !== undefined) this.#onLog?.(line);
  }

  #evict(): void {
    if (this.#loaded.size < MAX_ISOLATES) return;
    const [oldest] = this.#loaded.values();
    oldest?.dispose();
  }
}

function notSync(target: GuestFunction): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CALL_NOT_SYNC',
    `\`${target.name}@${target.version}\` gave a promise that is still open, so callSync() has no answer; call it without callSync()`,
    { function: target.name, version: target.version },
  );
}
