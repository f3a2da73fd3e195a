import type { Frame } from '../src/codec/frame.ts';

// After so long, what is ready leaves, and what else has come is looked at.
const TURN_MS = 5;

/** Takes frames in their order, but not all that have come in one go if that would take long. */
export class FrameTurns {
  readonly #take: (frame: Frame) => number;
  readonly #onTurn: (isDone: boolean) => void;
  #waiting: Frame[] = [];
  #isScheduled = false;

  /**
   * @param take gives the time that guests had in it, ms
   * @param onTurn a turn is over, and with it perhaps all that has come
   */
  constructor(take: (frame: Frame) => number, onTurn: (isDone: boolean) => void) {
    this.#take = take;
    this.#onTurn = onTurn;
  }

  /** The frames are valid during the call. */
  add(frames: readonly Frame[]): void {
    if (this.#waiting.length > 0) {
      for (const frame of frames) this.#waiting.push(kept(frame));
      return;
    }
    const taken = this.#takeSome(frames);
    if (taken < frames.length) this.#waiting = frames.slice(taken).map(kept);
    this.#endTurn();
  }

  /** What has come is not taken any more. */
  clear(): void {
    this.#waiting = [];
  }

  #takeSome(frames: readonly Frame[]): number {
    let spentMs = 0;
    let taken = 0;
    while (taken < frames.length && spentMs < TURN_MS) {
      spentMs += this.#take(frames[taken] as Frame);
      taken += 1;
    }
    return taken;
  }

  #endTurn(): void {
    const isDone = this.#waiting.length === 0;
    this.#onTurn(isDone);
    if (isDone || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#waiting.splice(0, this.#takeSome(this.#waiting));
      this.#endTurn();
    });
  }
}

function kept(frame: Frame): Frame {
  return { ...frame, body: Buffer.from(frame.body) };
}
