import { type Frame, HEADER_BYTES } from '../../../src/codec/frame.ts';
import { FrameReader } from '../../../src/codec/frame-reader.ts';
import { FrameWriter } from '../../../src/codec/frame-writer.ts';
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';
import { demand } from './violation.ts';

const MAX_BODY = 100_000;

/** The stream between a host and a worker thread, in chunks of any sizes. */
export const STREAM: Target = {
  name: 'streams of frames',
  share: 8,
  make: (random) =>
    random.oneIn(4) ? stream(random) : mutate(stream(random), random, () => stream(random)),
  run: (bytes, random, probe) => {
    const frames: Frame[] = [];
    // A body may be written over by what comes next.
    const keep = (frame: Frame): number => frames.push({ ...frame, body: Buffer.from(frame.body) });
    const whole = probe.measure(() => feed(bytes, keep, () => bytes.length));
    const parts: Frame[] = [];
    const size = 1 + random.length(random.oneIn(3) ? 4 : 400);
    const cut = feed(
      bytes,
      (frame) => parts.push({ ...frame, body: Buffer.from(frame.body) }),
      () => (random.oneIn(8) ? 1 + random.below(size) : size),
    );
    demand(whole === cut && sameFrames(frames, parts), 'chunks make a difference');
    const read = frames.reduce((sum, { body }) => sum + HEADER_BYTES + body.length, 0);
    demand(read <= bytes.length, 'more was read than there is');
    checkFrames(bytes, frames);
    return whole ?? 'passed';
  },
};

/** Why the reader gave up, if it did. */
function feed(
  bytes: Buffer,
  onFrame: (frame: Frame) => void,
  next: () => number,
): string | undefined {
  const reader = new FrameReader(onFrame, MAX_BODY);
  try {
    for (let at = 0; at < bytes.length; ) {
      const end = at + next();
      const chunk = Buffer.from(bytes.subarray(at, end));
      reader.feed(chunk);
      // The chunk is its owner's again.
      chunk.fill(0xaa);
      at = end;
    }
    return undefined;
  } catch (error) {
    demand(error instanceof RangeError && /^frame of/.test(error.message), String(error));
    return 'a frame over the limit';
  }
}

/** Frames stand one behind the other, from the beginning on. */
function checkFrames(bytes: Buffer, frames: readonly Frame[]): void {
  let at = 0;
  for (const { body, id, kind } of frames) {
    demand(bytes.readUInt32LE(at) === body.length, 'a frame has another length');
    demand(bytes.readUInt32LE(at + 4) === id && bytes[at + 8] === kind, 'a frame has another head');
    const there = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + body.length);
    demand(there.equals(body), 'a frame has another body');
    at += HEADER_BYTES + body.length;
  }
}

function sameFrames(one: readonly Frame[], two: readonly Frame[]): boolean {
  if (one.length !== two.length) return false;
  return one.every(({ body, ...head }, at) => {
    const other = two[at];
    return other?.id === head.id && other.kind === head.kind && other.body.equals(body);
  });
}

/** As a lane or a guest's prelude writes it. */
export function stream(random: Random): Buffer {
  const writer = new FrameWriter();
  for (let count = random.length(30); count >= 0; count -= 1) {
    const body = random.bytes(random.length(random.oneIn(20) ? 3000 : 60));
    writer.append(random.below(12), random.next(), [body], random.below(10), random.below(900));
  }
  return writer.take();
}
