import { readProcFile } from './proc-file.ts';

const PAGE_BYTES = 4096;

/** Resident memory of a process in MB; undefined where the system does not tell (no /proc). */
export function residentMb(pid: number | undefined): number | undefined {
  const pages = readProcFile(`/proc/${pid}/statm`)?.split(' ')[1];
  return pages === undefined ? undefined : (Number(pages) * PAGE_BYTES) / 2 ** 20;
}
