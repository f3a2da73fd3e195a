import { decodeValue } from '../codec/decode.ts';
import { LOG_LEVELS, type LogLevel } from '../codec/frame-kinds.ts';
import { scan } from '../codec/scan.ts';
import type { GuestFunction } from '../model/guest-function.ts';

/** One line that a guest wrote to its console. */
export interface GuestLogLine {
  readonly level: LogLevel;
  readonly text: string;
  readonly function: string;
  readonly version: number;
}

/**
 * The line of a LOG frame; undefined for a level that there is not.
 *
 * @throws CodecFailure for bytes that fail the checks
 */
export function readLogLine(
  frame: { readonly detail: number; readonly body: Buffer },
  { name, version }: GuestFunction,
): GuestLogLine | undefined {
  const level = LOG_LEVELS[frame.detail];
  if (level === undefined) return undefined;
  scan(frame.body, 0, frame.body.byteLength);
  const text = String(decodeValue(frame.body, 0, frame.body.byteLength));
  return { level, text, function: name, version };
}
