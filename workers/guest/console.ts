/** The guest's console: text to the worker, within the call's allowance. */
import { ErrorIsError, Uint8Array } from '../../src/codec/primordials.ts';
import { encodeUtf8 } from '../../src/codec/utf8.ts';
import { currentCall } from './entry-call.ts';
import { formatLog } from './inspect-value.ts';
import { appendRecord } from './outbox.ts';
import { RECORD_KINDS } from './record-kinds.ts';

const DEBUG = 0;
const INFO = 1;
const WARN = 2;
const ERROR = 3;

let indentation = '';

export const guestConsole = {
  debug: (...args: unknown[]) => log(DEBUG, args),
  log: (...args: unknown[]) => log(INFO, args),
  info: (...args: unknown[]) => log(INFO, args),
  dir: (value: unknown) => log(INFO, [value]),
  table: (value: unknown) => log(INFO, [value]),
  warn: (...args: unknown[]) => log(WARN, args),
  error: (...args: unknown[]) => log(ERROR, args),
  trace: (...args: unknown[]) => log(INFO, args),
  assert(condition: unknown, ...args: unknown[]): void {
    if (!condition) log(ERROR, args.length === 0 ? ['Assertion failed'] : args);
  },
  group(...args: unknown[]): void {
    if (args.length > 0) log(INFO, args);
    if (indentation.length < 40) indentation += '  ';
  },
  groupEnd(): void {
    indentation = indentation.length > 2 ? indentation === '    ' ? '  ' : indentation : '';
  },
};

/** What nobody caught in a timer or a microtask; there is no caller to throw it to. */
export function logUncaught(thrown: unknown): void {
  log(ERROR, ErrorIsError(thrown) ? ['Uncaught', thrown] : ['Uncaught', thrown]);
}

function log(level: number, args: unknown[]): void {
  const call = currentCall();
  if (call.logBytesLeft <= 0) return;
  const text = encodeUtf8(indentation + formatLog(args));
  if (text.length > call.logBytesLeft) {
    call.logBytesLeft = 0;
    appendRecord(RECORD_KINDS.LOG, WARN, call.id, encodeUtf8('console output cut: maxLogBytes'));
    return;
  }
  call.logBytesLeft -= text.length;
  appendRecord(RECORD_KINDS.LOG, level, call.id, text);
}
