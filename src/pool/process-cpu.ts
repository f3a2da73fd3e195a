import { readProcFile } from './proc-file.ts';

// USER_HZ, which Linux fixes for what it shows in /proc.
const TICK_MS = 10;

/** Processor time that all threads of a process have used, ms; undefined where the system does not tell. */
export function processCpuMs(pid: number | undefined): number | undefined {
  const stat = readProcFile(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined) return undefined;
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
