import { CodecFailure, isCodecFailure } from '../codec/codec-failure.ts';
import { decodeValue } from '../codec/decode.ts';
import { LOG_LEVELS, type LogLevel } from '../codec/frame-kinds.ts';
import { scan } from '../codec/scan.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import type { PendingCall } from './call.ts';
import { rejectedError } from './call-error.ts';

/** One line that a guest wrote to its console. */
export interface GuestLogLine {
  readonly level: LogLevel;
  readonly text: string;
  readonly function: string;
  readonly version: number;
}

/** Gives the line of a LOG frame to whoever listens to the call. Bytes that fail the checks end it. */
export function passLogLine(
  frame: { readonly detail: number; readonly body: Buffer },
  call: PendingCall,
): void {
  const { target, onLog } = call.request;
  try {
    const line = readLogLine(frame, target);
    if (line !== undefined) onLog(line);
  } catch (error) {
    if (!isCodecFailure(error)) throw error;
    call.fail(rejectedError(target, error));
  }
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
  const text = decodeValue(frame.body, 0, frame.body.byteLength);
  // Not made one: an object's own fields can keep it from being a text at all.
  if (typeof text !== 'string') {
    throw new CodecFailure('malformed', '', 'a line of console output is no text');
  }
  return { level, text, function: name, version };
}
