import { encodeCost, HEADER_BYTES, writeHeader } from './frame.ts';

const INITIAL_BYTES = 16 * 1024;
// A batch this large goes out at once, and its buffer is not kept.
const KEEP_BYTES = 256 * 1024;

/** Gathers frames, so that all of one tick leave in one write. */
export class FrameWriter {
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #length = 0;

  get byteLength(): number {
    return this.#length;
  }

  /** Adds a frame whose body is the parts in order. `costMs` in milliseconds. */
  append(
    kind: number,
    id: number,
    parts: readonly Uint8Array[] = [],
    detail = 0,
    costMs = 0,
  ): void {
    let length = 0;
    for (const part of parts) length += part.byteLength;
    let at = this.#reserve(HEADER_BYTES + length);
    writeHeader(this.#buffer, at, { kind, detail, id, cost: encodeCost(costMs), length });
    at += HEADER_BYTES;
    for (const part of parts) {
      this.#buffer.set(part, at);
      at += part.byteLength;
    }
  }

  /** Takes what was gathered; the bytes are the caller's to keep. */
  take(): Buffer {
    const batch = this.#buffer.subarray(0, this.#length);
    const taken = this.#length > KEEP_BYTES ? batch : Buffer.from(batch);
    if (this.#length > KEEP_BYTES) this.#buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    this.#length = 0;
    return taken;
  }

  #reserve(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#buffer.byteLength) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#length, this.#buffer.byteLength * 2));
      larger.set(this.#buffer.subarray(0, at));
      this.#buffer = larger;
    }
    return at;
  }
}
