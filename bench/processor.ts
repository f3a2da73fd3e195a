import { readFileSync } from 'node:fs';

// Linux counts in hundredths of a second for all programs, whatever its kernel does (`man 5 proc`).
const TICK_MS = 10;

/** Processor time of this process and of `pids` so far, in ms; NaN where the system does not tell. */
export function processorMs(pids: readonly number[] = []): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1000;
  return pids.reduce((sum, pid) => sum + processorMsOf(pid), own);
}

function processorMsOf(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name stands in parentheses and may hold anything; utime and stime are counted from it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
