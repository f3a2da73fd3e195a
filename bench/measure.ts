import { processorMs } from './processor.ts';

/** One thing to time; cases of one list run in turn, round by round, so that drift hits all alike. */
export interface Case {
  readonly name: string;
  /** Calls of one round. */
  readonly calls: number;
  /** 1: one after the other. 0: synchronous. */
  readonly inFlight: number;
  /** A call that is to be timed. */
  readonly call: () => unknown;
  /** Processes besides this one that work for the case. */
  readonly pids?: readonly number[];
}

/** Numbers of one round of one case. */
export interface Round {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly opsPerSec: number;
  /** Processor time of all processes together. */
  readonly cpuUsPerCall: number;
  readonly samples: number;
}

export interface RoundCounts {
  /** Rounds that do not count. */
  readonly warm: number;
  readonly measured: number;
}

/** Runs the cases in turn, round by round. The rounds of each case, by its name, warm ones left out. */
export async function measure(
  cases: readonly Case[],
  counts: RoundCounts,
): Promise<Map<string, Round[]>> {
  const rounds = new Map<string, Round[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round < counts.warm + counts.measured; round += 1) {
    for (const subject of cases) {
      const numbers = await runRound(subject);
      if (round >= counts.warm) rounds.get(subject.name)?.push(numbers);
    }
  }
  return rounds;
}

export function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/** `sorted`: ascending. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The median of what `part` says of each round, pairing the rounds that ran side by side. */
export function medianRatio(
  ours: readonly Round[],
  theirs: readonly Round[],
  part: (round: Round) => number,
): number {
  return median(ours.map((round, index) => part(round) / part(theirs[index] ?? round)));
}

async function runRound(subject: Case): Promise<Round> {
  const latencies = new Float64Array(subject.calls);
  const cpuBefore = processorMs(subject.pids);
  const started = performance.now();
  if (subject.inFlight === 0) runSync(subject, latencies);
  else await runLanes(subject, latencies);
  const elapsedMs = performance.now() - started;
  const cpuMs = processorMs(subject.pids) - cpuBefore;
  latencies.sort();
  return {
    p50Us: quantile(latencies, 0.5),
    p99Us: quantile(latencies, 0.99),
    opsPerSec: (subject.calls / elapsedMs) * 1000,
    cpuUsPerCall: (cpuMs * 1000) / subject.calls,
    samples: subject.calls,
  };
}

function runSync(subject: Case, latencies: Float64Array): void {
  for (let index = 0; index < subject.calls; index += 1) {
    const started = performance.now();
    subject.call();
    latencies[index] = (performance.now() - started) * 1000;
  }
}

async function runLanes(subject: Case, latencies: Float64Array): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < subject.calls) {
      const index = next;
      next += 1;
      const started = performance.now();
      await subject.call();
      latencies[index] = (performance.now() - started) * 1000;
    }
  };
  await Promise.all(Array.from({ length: subject.inFlight }, lane));
}
