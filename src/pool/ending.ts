import type { KillReason } from './executor.ts';
import { readProcFile } from './proc-file.ts';

/**
 * Why an executor ended: a thread was overdue inside a guest, the process was over its memory, its frames
 * made no sense, it gave no sign though no guest ran, it crashed by itself, or somebody else killed it.
 */
export type Ending = KillReason['kind'] | 'crashed' | 'killed';

const FROM_OUTSIDE: readonly (string | null)[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];

/**
 * @param killed why we killed it, if we did
 * @param signal what ended it
 * @param memoryKills {@link countMemoryKills} when it was started
 */
export function endingOf(
  killed: KillReason | undefined,
  signal: string | null,
  memoryKills: number,
): Ending {
  if (killed !== undefined) return killed.kind;
  if (!FROM_OUTSIDE.includes(signal)) return 'crashed';
  const bySystem = signal === 'SIGKILL' && countMemoryKills() > memoryKills;
  return bySystem ? 'memory' : 'killed';
}

/** How many processes Linux has killed for want of memory since it started; 0 where nobody tells. */
export function countMemoryKills(): number {
  const [, count] = /^oom_kill (\d+)$/m.exec(readProcFile('/proc/vmstat') ?? '') ?? [];
  return Number(count ?? 0);
}
