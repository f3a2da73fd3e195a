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
import { LoadedFunction } from './loaded-function.ts';
import type { Outbound } from './outbound.ts';
import { preludeSource } from './prelude-source.ts';

const MAX_FRAME_BYTES = 256 * 1024 * 1024;
const READ_BYTES = 64 * 1024;
// A single one may be the machine's doing.
const MAX_LONG_ENTRIES = 2;

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
        thread.rest();
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
  // Isolates in which calls run for long: the host gets back what it sent behind that, so that it can
  // choose anew. It had thought that the calls were short, and neighbours wait behind them.
  readonly #held = new Set<number>();
  // Of the frames that came together.
  readonly #cancelled = new Set<number>();
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
    for (const frame of frames) {
      if (this.#cancelled.size > 0 && this.#isCancelled(frame)) {
        this.#giveBack(frame.id);
      } else {
        this.#take(frame);
      }
    }
    if (this.#cancelled.size > 0) this.#cancelled.clear();
  }

  #take(frame: Frame): void {
    switch (frame.kind) {
      case HOST_FRAME.CALL:
        return this.#call(frame);
      case HOST_FRAME.ANSWER:
        return this.#functions
          .get(frame.body.readUInt32LE(0))
          ?.answer(frame.id, frame.detail === 1, frame.body.subarray(4));
      case HOST_FRAME.LOAD:
        return this.#load(frame);
      case HOST_FRAME.CANCEL:
        return this.#functions.get(frame.body.readUInt32LE(0))?.cancel(frame.id);
      case HOST_FRAME.RETIRE:
        // To dispose of isolates takes time that is no guest's.
        this.#watch.rest();
        return this.#functions.get(frame.id)?.retire();
      case HOST_FRAME.PING:
        return this.append(WORKER_FRAME.PONG, 0);
      case HOST_FRAME.RESUME:
        this.#held.delete(frame.id);
    }
  }

  /** Called when all that came together is done. */
  rest(): void {
    // First what somebody waits for.
    this.#flush();
    this.#watch.rest();
  }

  close(): void {
    for (const loaded of [...this.#functions.values()]) loaded.dispose();
    this.#blanks.dispose();
  }

  #isCancelled({ kind, id }: Frame): boolean {
    return kind === HOST_FRAME.CALL && this.#cancelled.has(id);
  }

  #giveBack(callId: number): void {
    this.append(WORKER_FRAME.FAILED, callId, [], FAILURE.NOT_BEGUN);
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#writer.byteLength > 0) this.#lane.write(this.#writer.take());
  }

  #load(frame: Frame): void {
    this.#watch.rest();
    const spec = decodeValue(frame.body, 0, frame.body.byteLength) as LoadSpec;
    const { id } = frame;
    const loaded = new LoadedFunction(id, this.#blanks.take(spec.memoryMb), spec, {
      out: this,
      watch: this.#watch,
      due: this.#due,
      onGone: () => {
        this.#functions.delete(id);
        this.#held.delete(id);
      },
    });
    this.#functions.set(id, loaded);
    loaded.load();
  }

  #call(frame: Frame): void {
    const head = decodeCallHead(frame.body);
    const { isolateId } = head;
    const loaded = this.#functions.get(isolateId);
    if (loaded === undefined || this.#held.has(isolateId)) return this.#giveBack(frame.id);
    loaded.begin(frame.id, head, frame.body.subarray(CALL_HEAD_BYTES));
    if (loaded.longEntries >= MAX_LONG_ENTRIES) this.#held.add(isolateId);
  }
}
