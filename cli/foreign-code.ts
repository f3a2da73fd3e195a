import { Console } from 'node:console';

// Whether code of the user ran in this process: it may have left something that keeps it alive.
const foreign = { ran: false };

/** Runs code of the user. What it prints goes to stderr, because stdout is for data. */
export async function runForeign<Result>(run: () => Promise<Result>): Promise<Result> {
  foreign.ran = true;
  globalThis.console = new Console(process.stderr);
  return run();
}

/** Ends the process if code of the user ran in it, once everything is written. */
export async function leaveForeign(): Promise<void> {
  if (!foreign.ran) return;
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit();
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  // Also with an error, such as a reader that left: there is nothing to wait for then.
  return new Promise((resolve) => stream.write('', () => resolve()));
}
