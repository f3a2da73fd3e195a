import { writeFileSync } from 'node:fs';
import { isSystemError } from './system-error.ts';

const TIMER_SLACK = '/proc/self/timerslack_ns';
const OUT_OF_MEMORY_SCORE = '/proc/self/oom_score_adj';
const SLACK_NS = 1_000_000;
const FIRST_TO_GO = 1000;

/** The files through which Linux lets a process change how it is treated. */
export const OWN_SETTINGS: readonly string[] = [TIMER_SLACK, OUT_OF_MEMORY_SCORE];

/**
 * Lets timers of threads that start from now on be up to 1 ms late. isolated-vm leaves a timer behind for
 * every entry that had a limit, and its thread would wake for each one alone, once the limit is over: as
 * many wake-ups again as there were calls.
 */
export function loosenTimers(): void {
  change(TIMER_SLACK, SLACK_NS);
}

/** When the machine runs out of memory, it is this process that goes, and not the host. */
export function volunteerForOutOfMemory(): void {
  change(OUT_OF_MEMORY_SCORE, FIRST_TO_GO);
}

function change(file: string, value: number): void {
  try {
    writeFileSync(file, String(value));
  } catch (error) {
    // Only an improvement: other systems and locked-down containers do without.
    if (!isSystemError(error)) throw error;
  }
}
