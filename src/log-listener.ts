import type { Logger } from './logger.ts';
import { tell } from './model/tell.ts';
import type { GuestLogLine } from './pool/guest-log.ts';

/** Gives a guest's console lines to the instance's logger and to whoever listens to the calls. */
export function logListener(
  logger: Logger,
  onLog: ((line: GuestLogLine) => void) | undefined,
): (line: GuestLogLine) => void {
  return (line) => {
    const fields = { function: line.function, version: line.version };
    tell('the logger', () => logger[line.level](fields, line.text));
    if (onLog !== undefined) tell('onLog', () => onLog(line));
  };
}
