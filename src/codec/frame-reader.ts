import { type Frame, HEADER_BYTES } from './frame.ts';

/** Cuts a stream of bytes into frames, wherever the chunks of the stream happen to end. */
export class FrameReader {
  // What has come of a frame that is not whole yet. Joined only when enough is there, so that a
  // large body in many chunks is copied once and not once a chunk.
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = HEADER_BYTES;
  readonly #onFrame: (frame: Frame) => void;
  readonly #maxBody: number;

  /** `maxBody`: bytes; a longer frame makes `feed` throw, so that a peer cannot exhaust memory. */
  constructor(onFrame: (frame: Frame) => void, maxBody: number) {
    this.#onFrame = onFrame;
    this.#maxBody = maxBody;
  }

  /** The chunk may be written over afterwards. @throws RangeError when a frame announces more than `maxBody` bytes */
  feed(chunk: Buffer): void {
    if (this.#buffered === 0) return this.#read(chunk);
    this.#chunks.push(Buffer.from(chunk));
    this.#buffered += chunk.byteLength;
    if (this.#buffered < this.#needed) return;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#buffered = 0;
    this.#read(joined);
  }

  #read(bytes: Buffer): void {
    let at = 0;
    this.#needed = HEADER_BYTES;
    while (bytes.byteLength - at >= HEADER_BYTES) {
      const length = bytes.readUInt32LE(at);
      if (length > this.#maxBody) throw new RangeError(`frame of ${length} bytes`);
      this.#needed = HEADER_BYTES + length;
      if (bytes.byteLength - at < this.#needed) break;
      const body = at + HEADER_BYTES;
      const frame = readFrame(bytes, at, length);
      at = body + length;
      this.#needed = HEADER_BYTES;
      this.#onFrame(frame);
    }
    if (at === bytes.byteLength) return;
    this.#chunks = [Buffer.from(bytes.subarray(at))];
    this.#buffered = bytes.byteLength - at;
  }
}

function readFrame(bytes: Buffer, at: number, length: number): Frame {
  const body = at + HEADER_BYTES;
  return {
    id: bytes.readUInt32LE(at + 4),
    kind: bytes.readUInt8(at + 8),
    detail: bytes.readUInt8(at + 9),
    cost: bytes.readUInt16LE(at + 10),
    body: bytes.subarray(body, body + length),
  };
}
