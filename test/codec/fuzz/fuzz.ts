import { getHeapStatistics } from 'node:v8';
import { CODEC } from './codec-target.ts';
import { OUTBOX } from './outbox-target.ts';
import { checkBuiltIns } from './plain-value.ts';
import { Random } from './random.ts';
import { RECORD } from './record-target.ts';
import { REPORT } from './report-target.ts';
import { STREAM } from './stream-target.ts';
import type { Tally } from './tally.ts';
import type { Probe, Target } from './target.ts';
import { demand } from './violation.ts';

const TARGETS: readonly Target[] = [CODEC, RECORD, REPORT, STREAM, OUTBOX];

// Generous: what takes longer hangs. A frame of 1 MB takes some 100 ms.
const LONGEST_MS = 2000;
// What one frame may take in memory: so much for each of its bytes, and what the engine itself takes now
// and then. An empty object, of one byte, is 64 bytes.
const MOST_PER_BYTE = 300;
const MOST_BESIDE = 2 * 1024 * 1024;
const CHECK_BUILT_INS_EVERY = 1000;

/** A frame for which a property does not hold. */
export interface Finding {
  readonly target: string;
  /** With the seed it makes the same frame again. */
  readonly frame: number;
  readonly hex: string;
  readonly error: unknown;
}

export interface FuzzOptions {
  readonly seed: number;
  /** The number of the first frame. */
  readonly from: number;
  readonly frames: number;
  readonly onFrame?: (frame: number) => void;
}

/** Runs so many frames and returns the first that fails. */
export function fuzz(options: FuzzOptions, tally: Tally): Finding | undefined {
  const { seed, from, frames, onFrame } = options;
  for (let frame = from; frame < from + frames; frame += 1) {
    onFrame?.(frame);
    const random = new Random(seed, frame);
    const target = chooseTarget(random);
    const bytes = target.make(random);
    try {
      runFrame(target, frame, bytes, random, tally);
      if (frame % CHECK_BUILT_INS_EVERY === 0) checkBuiltIns();
    } catch (error) {
      return { target: target.name, frame, hex: bytes.toString('hex'), error };
    }
  }
  checkBuiltIns();
  return undefined;
}

/** Lets the target read the frame. @throws Violation, or what the program must not throw */
export function runFrame(
  target: Target,
  frame: number,
  bytes: Buffer,
  random: Random,
  tally: Tally,
): void {
  let ms = 0;
  const measure: Probe['measure'] = (read) => {
    const before = heapBytes();
    const start = performance.now();
    try {
      return read();
    } finally {
      ms += performance.now() - start;
      checkMemory(heapBytes() - before, bytes.length, tally);
    }
  };
  const before = Buffer.from(bytes);
  const outcome = target.run(bytes, random, { types: tally.types, measure });
  demand(before.equals(bytes), 'the frame itself was changed');
  demand(ms < LONGEST_MS, `it took ${ms} ms`);
  tally.add(outcome, { target: target.name, frame, bytes: bytes.length, ms });
}

/** Less than nothing when garbage was collected meanwhile, which happens to few frames. */
function checkMemory(taken: number, size: number, tally: Tally): void {
  if (taken > 64 * 1024) tally.mostPerByte = Math.max(tally.mostPerByte, taken / (size + 1024));
  demand(taken <= MOST_BESIDE + size * MOST_PER_BYTE, `it took ${taken} bytes of memory`);
}

function heapBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

function chooseTarget(random: Random): Target {
  let share = random.below(100);
  for (const target of TARGETS) {
    share -= target.share;
    if (share < 0) return target;
  }
  return CODEC;
}
