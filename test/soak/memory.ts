import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Memory of this process, in MB. */
export interface MemorySample {
  readonly minute: number;
  readonly rssMb: number;
  /** What garbage collection leaves, buffers included. */
  readonly keptMb: number;
}

export function sampleMemory(minute: number): MemorySample {
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { minute, rssMb: inMb(rss), keptMb: inMb(heapUsed + external) };
}

/** By how much more the process keeps at the end than after warm-up is growth, and no noise. */
const GROWTH_MB = 24;

/** Growth between the first fifth of the samples and the end, in words; undefined if there is none. */
export function growthOf(samples: readonly MemorySample[]): string | undefined {
  const warm = samples.slice(Math.ceil(samples.length / 5));
  const third = Math.ceil(warm.length / 3);
  const [early, late] = [warm.slice(0, third), warm.slice(-third)].map((part) =>
    median(part.map(({ keptMb }) => keptMb)),
  );
  if (early === undefined || late === undefined || late - early <= GROWTH_MB) return undefined;
  return `kept memory grew from ${early} to ${late} MB after warm-up`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function inMb(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}
