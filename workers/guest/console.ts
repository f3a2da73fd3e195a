/** The guest's console: text to the worker, within the call's allowance. */
import { encodeValue } from '../../src/codec/encode.ts';
import { GUEST_RECORD, LOG_LINE_BYTES } from '../../src/codec/frame-kinds.ts';
import { TypedArrayPrototypeGetLength } from '../../src/codec/primordials.ts';
import { currentCall } from './entry-call.ts';
import { formatLog } from './inspect-value.ts';
import { appendRecord } from './outbox.ts';

const DEBUG_LEVEL = 0;
const INFO_LEVEL = 1;
const WARN_LEVEL = 2;
const ERROR_LEVEL = 3;
const MAX_LINE_BYTES = 65_536;

let indentation = '';

export const guestConsole = {
  debug: (...args: unknown[]) => logLine(DEBUG_LEVEL, args),
  log: (...args: unknown[]) => logLine(INFO_LEVEL, args),
  info: (...args: unknown[]) => logLine(INFO_LEVEL, args),
  dir: (value: unknown) => logLine(INFO_LEVEL, [value]),
  table: (value: unknown) => logLine(INFO_LEVEL, [value]),
  trace: (...args: unknown[]) => logLine(INFO_LEVEL, args),
  warn: (...args: unknown[]) => logLine(WARN_LEVEL, args),
  error: (...args: unknown[]) => logLine(ERROR_LEVEL, args),
  assert(condition: unknown, ...args: unknown[]): void {
    if (!condition) logLine(ERROR_LEVEL, args.length === 0 ? ['Assertion failed'] : args);
  },
  group(...args: unknown[]): void {
    if (args.length > 0) logLine(INFO_LEVEL, args);
    if (indentation.length < 40) indentation += '  ';
  },
  groupEnd(): void {
    const wanted = indentation.length - 2;
    indentation = '';
    while (indentation.length < wanted) indentation += '  ';
  },
};

/** What nobody caught in a timer or a microtask; there is no caller to throw it to. */
export function logUncaught(thrown: unknown): void {
  try {
    logLine(ERROR_LEVEL, ['Uncaught', thrown]);
  } catch {
    // Looking at it ran code of its own, which threw; nothing of a guest's leaves an entry that way.
    logLine(ERROR_LEVEL, ['Uncaught value that cannot be shown']);
  }
}

function logLine(level: number, args: unknown[]): void {
  const call = currentCall();
  if (call.logBytesLeft <= 0) return;
  const line = encodeLine(indentation + formatLog(args));
  call.logBytesLeft -= TypedArrayPrototypeGetLength(line) + LOG_LINE_BYTES;
  if (call.logBytesLeft >= 0) return appendRecord(GUEST_RECORD.LOG, level, call.id, line);
  const cut = encodeLine('console output was cut here: the call reached its maxLogBytes');
  appendRecord(GUEST_RECORD.LOG, WARN_LEVEL, call.id, cut);
}

function encodeLine(text: string): Uint8Array {
  return encodeValue(text, { root: 'log', maxBytes: MAX_LINE_BYTES });
}
