import { encodeValue } from '../codec/encode.ts';
import { HOST_FRAME } from '../codec/frame-kinds.ts';
import { FETCH_CAPABILITY } from '../model/fetch-capability.ts';
import type { LoadSpec } from '../model/load-spec.ts';
import type { Ids } from './ids.ts';
import { type IsolateUse, isolateKey, LaneIsolate } from './lane-isolate.ts';

const MAX_LOAD_BYTES = 256 * 1024 * 1024;

/** Adds a frame to what goes to the worker next. */
export type Send = (kind: number, id: number, parts: readonly Uint8Array[]) => void;

/** The isolates of one worker thread, as the host decides on them: load, retire, evict. */
export class LaneIsolates {
  // By key those that take calls; by id also those that are draining.
  readonly #byKey = new Map<string, LaneIsolate>();
  readonly #byId = new Map<number, LaneIsolate>();
  readonly #ids: Ids;
  readonly #env: Readonly<Record<string, string>>;
  readonly #send: Send;
  readonly #most: number;
  #loadingBytes = 0;

  /** @param o.most isolates that take calls; beyond them, the one unused for longest goes */
  constructor(o: { ids: Ids; env: Readonly<Record<string, string>>; most: number; send: Send }) {
    this.#ids = o.ids;
    this.#env = o.env;
    this.#send = o.send;
    this.#most = o.most;
  }

  /** Isolates on the thread, those that are draining included. */
  get count(): number {
    return this.#byId.size;
  }

  /** Of loads that the worker has not answered. */
  get loadingBytes(): number {
    return this.#loadingBytes;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  get(id: number): LaneIsolate | undefined {
    return this.#byId.get(id);
  }

  /** Those that take calls. */
  active(): LaneIsolate[] {
    return [...this.#byKey.values()];
  }

  /** The isolate for this use; its load is sent if there is none yet. */
  for(use: IsolateUse, key = isolateKey(use)): LaneIsolate {
    return this.#byKey.get(key) ?? this.#load(use, key);
  }

  /** An isolate that serves one call. */
  fresh(use: IsolateUse): LaneIsolate {
    return this.#load(use, `fresh ${this.#ids.next()}`);
  }

  /**
   * Gives memory back: of the isolates without calls for `restMs`, the half that was unused for longest
   * goes.
   */
  retireIdle(restMs: number): void {
    const before = performance.now() - restMs;
    const idle = this.active().filter(
      ({ calls, lastUsed }) => calls.size === 0 && lastUsed < before,
    );
    idle.sort((a, b) => a.lastUsed - b.lastUsed);
    for (const isolate of idle.slice(0, Math.ceil(idle.length / 2))) this.retire(isolate);
  }

  /** Retires all that are chosen. */
  retireWhere(isChosen: (isolate: LaneIsolate) => boolean): void {
    for (const isolate of this.active()) if (isChosen(isolate)) this.retire(isolate);
  }

  /** It finishes the calls it has, then goes; new calls with its key get another one. */
  retire(isolate: LaneIsolate): void {
    if (isolate.retired) return;
    isolate.retired = true;
    this.forget(isolate);
    this.#send(HOST_FRAME.RETIRE, isolate.id, []);
  }

  /** The worker has retired it by itself. */
  forget(isolate: LaneIsolate | undefined): void {
    if (isolate !== undefined && this.#byKey.get(isolate.key) === isolate)
      this.#byKey.delete(isolate.key);
  }

  disposed(id: number): void {
    const isolate = this.#byId.get(id);
    this.#byId.delete(id);
    if (isolate === undefined) return;
    this.forget(isolate);
    // One that was let go before it was its turn is not loaded any more.
    isolate.settleLoad();
  }

  /** Ends with the executor; whoever waits for a load hears the error of that load. */
  abandon(errorFor: (isolate: LaneIsolate) => unknown): void {
    for (const isolate of this.#byId.values()) isolate.settleLoad(errorFor(isolate));
    this.#byId.clear();
    this.#byKey.clear();
  }

  #load(use: IsolateUse, key: string): LaneIsolate {
    this.#evict();
    const isolate = new LaneIsolate(this.#ids.next(), key, use);
    const { target, memoryMb, cpuMs } = use;
    const spec: LoadSpec = {
      name: target.name,
      version: target.version,
      code: target.artifact.code,
      linkCount: target.artifact.links.length,
      capabilityCount: target.artifact.requires.length,
      fetchIndex: target.artifact.requires.indexOf(FETCH_CAPABILITY),
      memoryMb,
      cpuMs,
      env: this.#env,
    };
    const body = encodeValue(spec, { root: 'load', maxBytes: MAX_LOAD_BYTES });
    this.#send(HOST_FRAME.LOAD, isolate.id, [body]);
    this.#loadingBytes += body.byteLength;
    const arrived = (): void => {
      this.#loadingBytes -= body.byteLength;
    };
    isolate.loaded.then(arrived, arrived);
    this.#byKey.set(key, isolate);
    this.#byId.set(isolate.id, isolate);
    return isolate;
  }

  #evict(): void {
    if (this.#byKey.size < this.#most) return;
    let oldest: LaneIsolate | undefined;
    for (const isolate of this.#byKey.values()) {
      if (isolate.calls.size > 0) continue;
      if (oldest === undefined || isolate.lastUsed < oldest.lastUsed) oldest = isolate;
    }
    if (oldest !== undefined) this.retire(oldest);
  }
}
