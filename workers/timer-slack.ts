import { readlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const SLACK_NS = 1_000_000;

/**
 * Lets timers of this thread, and of threads it starts, be up to 1 ms late (Linux). isolated-vm leaves a
 * timer behind for every entry that had a limit, and its thread would wake for each one alone, once
 * the limit is over: as many wake-ups again as there were calls.
 */
export function loosenTimers(): void {
  try {
    // Has the setting of each thread under the thread's number, not in the thread's folder.
    const thread = basename(readlinkSync('/proc/thread-self'));
    writeFileSync(`/proc/${thread}/timerslack_ns`, String(SLACK_NS));
  } catch (error) {
    // Only a saving: other systems and locked-down containers do without.
    if (!isSystemError(error)) throw error;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
