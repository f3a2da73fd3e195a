/**
 * Tells a listener of the program. What it throws is the program's mistake: it becomes a warning of the
 * process and must not reach the executor's stream or a swap, where it would look like theirs.
 */
export function tell(what: string, listener: () => void): void {
  try {
    listener();
  } catch (error) {
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(`a listener of ${what} threw: ${shown}`, 'ScatterWarning');
  }
}
