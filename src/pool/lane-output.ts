import type { Socket } from 'node:net';
import { FrameWriter } from '../codec/frame-writer.ts';

/** What a lane sends: the frames of one tick leave in one write. */
export class LaneOutput {
  readonly #socket: Socket;
  readonly #writer = new FrameWriter();
  // Who wants to know when what is being gathered has left.
  #waiting: (() => void)[] = [];
  #flushing = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** `onLeft` is called when the frame has left this process, or never will. */
  append(
    kind: number,
    id: number,
    parts: readonly Uint8Array[],
    detail = 0,
    onLeft?: () => void,
  ): void {
    this.#writer.append(kind, id, parts, detail);
    if (onLeft !== undefined) this.#waiting.push(onLeft);
    if (this.#flushing) return;
    this.#flushing = true;
    process.nextTick(() => this.flush());
  }

  flush(): void {
    this.#flushing = false;
    if (this.#waiting.length > 0) return this.#flushForWaiting();
    if (this.#writer.byteLength === 0 || !this.#socket.writable) return;
    this.#socket.write(this.#writer.take());
  }

  #flushForWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const left = (): void => {
      for (const onLeft of waiting) onLeft();
    };
    if (this.#socket.writable) this.#socket.write(this.#writer.take(), left);
    else left();
  }
}
