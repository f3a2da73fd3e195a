import { Socket } from 'node:net';
import { CALL_HEAD_BYTES, decodeCallHead } from '../src/codec/call-frame.ts';
import { decodeValue } from '../src/codec/decode.ts';
import type { Frame } from '../src/codec/frame.ts';
import { FAILURE, HOST_FRAME, WORKER_FRAME } from '../src/codec/frame-kinds.ts';
import { FrameReader } from '../src/codec/frame-reader.ts';
import { FrameWriter } from '../src/codec/frame-writer.ts';
import type { LoadSpec } from '../src/model/load-spec.ts';
import type { ServeTask } from '../src/model/serve-task.ts';
import { Blanks } from './blanks.ts';
import { DueEntries } from './due-entries.ts';
import { type EntryWatch, watchEntries } from './entry-watch.ts';
import { FrameTurns } from './frame-turns.ts';
import { LoadedFunction } from './loaded-function.ts';
import { LongFunctions } from './long-functions.ts';
import type { Outbound } from './outbound.ts';
import { preludeSource } from './prelude-source.ts';

const MAX_FRAME_BYTES = 256 * 1024 * 1024;
const READ_BYTES = 64 * 1024;

/** The one long task of a worker thread: serves its lane until the host closes it. */
export default function serve(task: ServeTask): Promise<void> {
  const frames: Frame[] = [];
  const reader = new FrameReader((frame) => frames.push(frame), MAX_FRAME_BYTES);
  const lane = new Socket({
    fd: task.laneFd,
    readable: true,
    writable: true,
    // One buffer for all reads: a stream's own way makes 64 kB of garbage for every call.
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback(length, buffer) {
        reader.feed(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        thread.takeAll(frames);
        frames.length = 0;
        return true;
      },
    },
  });
  const thread = new LaneThread(lane, task);
  return new Promise((resolve, reject) => {
    lane.on('error', reject);
    lane.on('close', () => {
      thread.close();
      resolve();
    });
    lane.on('end', () => lane.destroy());
  });
}

/** Everything one worker thread runs. */
class LaneThread implements Outbound {
  readonly #lane: Socket;
  readonly #writer = new FrameWriter();
  readonly #watch: EntryWatch;
  readonly #blanks: Blanks;
  readonly #due = new DueEntries();
  readonly #functions = new Map<number, LoadedFunction>();
  readonly #long = new LongFunctions();
  // Of the frames that have come and were not taken.
  readonly #cancelled = new Set<number>();
  readonly #turns = new FrameTurns(
    (frame) => this.#take(frame),
    (isDone) => this.#rest(isDone),
  );
  #flushing = false;

  constructor(lane: Socket, task: ServeTask) {
    this.#lane = lane;
    this.#watch = watchEntries(task.watchFd, task.index);
    this.#blanks = new Blanks(preludeSource(), { memoryMb: task.memoryMb, count: 1 });
  }

  append(
    kind: number,
    id: number,
    parts?: readonly Uint8Array[],
    detail?: number,
    costMs?: number,
  ): void {
    this.#writer.append(kind, id, parts, detail, costMs);
    if (this.#flushing) return;
    this.#flushing = true;
    // Results that are ready together go back in one write.
    queueMicrotask(() => this.#flush());
  }

  /** Takes what came together. A call that was given up meanwhile never begins. */
  takeAll(frames: readonly Frame[]): void {
    for (const { kind, id } of frames) if (kind === HOST_FRAME.CANCEL) this.#cancelled.add(id);
    this.#turns.add(frames);
  }

  /** Gives the time that a guest had, ms. */
  #take(frame: Frame): number {
    switch (frame.kind) {
      case HOST_FRAME.CALL:
        return this.#call(frame);
      case HOST_FRAME.ANSWER:
        return this.#answer(frame);
      case HOST_FRAME.LOAD:
        return this.#load(frame);
      case HOST_FRAME.CANCEL:
        this.#cancelled.delete(frame.id);
        this.#functions.get(frame.body.readUInt32LE(0))?.cancel(frame.id);
        return 0;
      case HOST_FRAME.RETIRE:
        // To dispose of isolates takes time that is no guest's.
        this.#watch.rest();
        this.#functions.get(frame.id)?.retire();
        return 0;
      case HOST_FRAME.PING:
        this.append(WORKER_FRAME.PONG, 0);
        return 0;
      case HOST_FRAME.RESUME:
        this.#long.release(this.#functions.get(frame.id)?.name ?? '');
        return 0;
    }
    return 0;
  }

  #rest(isDone: boolean): void {
    // First what somebody waits for.
    this.#flush();
    this.#watch.rest();
    if (isDone) this.#long.rest();
  }

  close(): void {
    this.#turns.clear();
    for (const loaded of [...this.#functions.values()]) loaded.dispose();
    this.#blanks.dispose();
  }

  #giveBack(callId: number): number {
    this.append(WORKER_FRAME.FAILED, callId, [], FAILURE.NOT_BEGUN);
    return 0;
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#writer.byteLength > 0) this.#lane.write(this.#writer.take());
  }

  #load(frame: Frame): number {
    this.#watch.rest();
    const spec = decodeValue(frame.body, 0, frame.body.byteLength) as LoadSpec;
    const { id } = frame;
    const loaded = new LoadedFunction(id, this.#blanks.take(spec.memoryMb), spec, {
      out: this,
      watch: this.#watch,
      due: this.#due,
      onGone: () => this.#functions.delete(id),
    });
    this.#functions.set(id, loaded);
    if (!this.#long.isHeld(spec.name)) return this.#counted(loaded, () => loaded.load());
    // Its calls go back, and neighbours come before it.
    this.#enterLater(loaded, () => loaded.load());
    return 0;
  }

  #call(frame: Frame): number {
    if (this.#cancelled.size > 0 && this.#cancelled.has(frame.id)) return this.#giveBack(frame.id);
    const head = decodeCallHead(frame.body);
    const loaded = this.#functions.get(head.isolateId);
    if (loaded === undefined || this.#long.isHeld(loaded.name)) return this.#giveBack(frame.id);
    const args = frame.body.subarray(CALL_HEAD_BYTES);
    loaded.begin(frame.id, head, args);
    this.#long.add(loaded.name, loaded.lastEntryMs);
    return loaded.lastEntryMs;
  }

  #answer({ id, detail, body }: Frame): number {
    const loaded = this.#functions.get(body.readUInt32LE(0));
    if (loaded === undefined) return 0;
    const isOk = detail === 1;
    if (!this.#long.isHeld(loaded.name)) {
      return this.#counted(loaded, () => loaded.answer(id, isOk, body.subarray(4)));
    }
    const value = Buffer.from(body.subarray(4));
    this.#enterLater(loaded, () => loaded.answer(id, isOk, value));
    return 0;
  }

  #enterLater({ name }: LoadedFunction, enter: () => void): void {
    this.#due.add(name, () => {
      enter();
      this.#watch.rest();
    });
  }

  #counted(loaded: LoadedFunction, enter: () => void): number {
    const began = performance.now();
    enter();
    const ms = performance.now() - began;
    this.#long.add(loaded.name, ms);
    return ms;
  }
}
