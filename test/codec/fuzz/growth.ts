import { decodeValue } from '../../../src/codec/decode.ts';
import { refusalOf } from './codec-target.ts';
import { liveBytes } from './collect-garbage.ts';
import { FAMILIES } from './families.ts';

const TIMES = 3;
// How many times larger the larger value is.
const RATIO = 64;
// Below this a measurement is mostly noise.
const SHORTEST_MS = 4;
// Quadratic would be 64. What V8 does in another way from some number on, such as shapes of objects,
// makes it 9 for some.
const MOST_GROWTH = 24;
// An empty Map, of three bytes, is 200, an error of eight 1000.
const MOST_MEMORY = 160;

/** What reading a family of values costs as it grows. */
export interface Growth {
  readonly family: string;
  readonly outcome: string;
  /** Time for a byte of the largest value, in ns. */
  readonly nsPerByte: number;
  /** The same, in times of that of the smaller value; 1 if all of it took no time. */
  readonly growth: number;
  /** Memory that is in use afterwards, for a byte of the largest value. */
  readonly memoryPerByte: number;
}

/** Reads values of all families in two sizes. */
export function measureGrowth(largest: number): Growth[] {
  return Object.entries(FAMILIES).map(([family, make]) => {
    const small = make(largest / RATIO);
    const large = make(largest);
    const outcome = refusalOf(large) ?? 'passed';
    const smallNs = nanoseconds(small) / small.length;
    const ns = nanoseconds(large);
    const isShort = ns < SHORTEST_MS * 1e6;
    return {
      family,
      outcome,
      nsPerByte: ns / large.length,
      growth: isShort ? 1 : ns / large.length / smallNs,
      memoryPerByte: outcome === 'passed' ? memoryOf(large) / large.length : 0,
    };
  });
}

/** The shortest of a few times: what else goes on here only adds to them. */
function nanoseconds(bytes: Buffer): number {
  let shortest = Infinity;
  for (let time = 0; time < TIMES; time += 1) {
    const start = performance.now();
    if (refusalOf(bytes) === undefined) decodeValue(bytes);
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest * 1e6;
}

function memoryOf(bytes: Buffer): number {
  const before = liveBytes();
  const value = [decodeValue(bytes)];
  const taken = liveBytes() - before;
  // In use until here, whatever the engine thinks.
  value.pop();
  return taken;
}

/** What is wrong with a family's costs. */
export function growthTrouble({ family, growth, memoryPerByte }: Growth): string[] {
  const trouble: string[] = [];
  if (growth > MOST_GROWTH)
    trouble.push(`${family}: ${growth.toFixed(1)} times as long for a byte`);
  if (memoryPerByte > MOST_MEMORY) trouble.push(`${family}: ${memoryPerByte} bytes for a byte`);
  return trouble;
}
