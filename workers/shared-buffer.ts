/** Memory that a worker and one isolate both see. */
export class SharedBuffer {
  readonly shared: SharedArrayBuffer;
  readonly bytes: Buffer;
  /** The two words that lead an outbox, see `guest/outbox.ts`. */
  readonly words: Int32Array;

  constructor(size: number) {
    // Whole words, so that the view of the leading two is always possible.
    this.shared = new SharedArrayBuffer(Math.ceil(size / 8) * 8);
    this.bytes = Buffer.from(this.shared);
    this.words = new Int32Array(this.shared, 0, 2);
    this.words[0] = 8;
  }
}
