/** Counts of what an attack must not leave behind. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Scatter } from '../../src/index.ts';
import { isAlive } from '../pool/support.ts';

export interface Counts {
  readonly executors: number;
  readonly isolates: number;
  readonly inFlight: number;
  readonly queued: number;
  /** Of all executors. */
  readonly threads: number;
  /** Processes that this one started and that have not ended. */
  readonly children: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export async function countAll(scatter: Scatter): Promise<Counts> {
  const { executors, isolates, inFlight, queued, pids } = await scatter.stats();
  const threads = pids.reduce((sum, pid) => sum + threadsOf(pid), 0);
  return { executors, isolates, inFlight, queued, threads, children: childrenOfThis() };
}

/** Resident memory of this process, MB. */
export function hostMb(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}

/** Begins to watch that; what it gives ends it, and tells the most there was. */
export function watchHost(): () => number {
  let highest = 0;
  const look = (): void => {
    highest = Math.max(highest, hostMb());
  };
  const timer = setInterval(look, 20).unref();
  return () => {
    look();
    clearInterval(timer);
    return highest;
  };
}

/** Memory that this process cannot let go of, MB. */
export function keptMb(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** Threads of a process; none where the system does not tell, or when it has ended. */
function threadsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).length;
  } catch {
    // There is no /proc, or the process has just ended.
    return 0;
  }
}

/** Whether a process is at work; one that has ended and waits to be reaped is not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // There is no /proc, or the process is gone.
    return isAlive(pid);
  }
}

function childrenOfThis(): number {
  return globSync('/proc/self/task/*/children')
    .map((file) => readFileSync(file, 'utf8').split(' ').length - 1)
    .reduce((sum, count) => sum + count, 0);
}
