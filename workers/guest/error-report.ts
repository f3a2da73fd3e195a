/** What a guest's error looks like from outside: a plain object that surely crosses. */
import { encodeValue } from '../../src/codec/encode.ts';
import { defineOwn } from '../../src/codec/own-property.ts';
import {
  ErrorIsError,
  ObjectKeys,
  StringOf,
  StringPrototypeSlice,
} from '../../src/codec/primordials.ts';

const MAX_MESSAGE = 16_384;
const MAX_STACK = 32_768;
const MAX_REPORT_BYTES = 262_144;
const MAX_FIELDS = 100;

/** The encoded `{ name, message, stack, data }` of whatever was thrown; never throws. */
export function encodeErrorReport(thrown: unknown): Uint8Array {
  const report = ErrorIsError(thrown) ? reportError(thrown) : reportOther(thrown);
  return tryEncode(report) ?? encodeWithoutData(report);
}

interface Report {
  name: string;
  message: string;
  stack: string;
  data: unknown;
}

function reportError(error: Error): Report {
  return {
    name: textOf(() => error.name, 'Error', MAX_MESSAGE),
    message: textOf(() => error.message, '', MAX_MESSAGE),
    stack: textOf(() => error.stack, '', MAX_STACK),
    data: portableFields(error),
  };
}

function reportOther(thrown: unknown): Report {
  const message = textOf(() => (typeof thrown === 'symbol' ? 'a symbol' : thrown), '', MAX_MESSAGE);
  return { name: 'NonError', message, stack: '', data: portable(thrown) };
}

/** Own enumerable fields; what cannot cross is said in its place, not dropped. */
function portableFields(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  try {
    const keys = ObjectKeys(error);
    for (let i = 0; i < keys.length && i < MAX_FIELDS; i += 1) {
      const key = keys[i] as string;
      defineOwn(fields, key, portable((error as unknown as Record<string, unknown>)[key]), true);
    }
  } catch (trap) {
    return { unreadable: textOf(() => trap, '', MAX_MESSAGE) };
  }
  return fields;
}

function portable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' || typeof value === 'symbol' ? `[${typeof value}]` : value;
  }
  return tryEncode(value) === undefined ? '[cannot cross]' : value;
}

function tryEncode(value: unknown): Uint8Array | undefined {
  try {
    return encodeValue(value, { root: 'error', maxBytes: MAX_REPORT_BYTES });
  } catch {
    // Said to the caller by `undefined`: a report of less takes its place.
    return undefined;
  }
}

function encodeWithoutData(report: Report): Uint8Array {
  const { name, message, stack } = report;
  const brief = { name, message, stack, data: '[too large]' };
  return encodeValue(brief, { root: 'error', maxBytes: 4 * MAX_REPORT_BYTES });
}

/** Reads text that may be a hostile getter or no string at all. */
function textOf(read: () => unknown, otherwise: string, max: number): string {
  try {
    const value = read();
    return value === undefined ? otherwise : StringPrototypeSlice(StringOf(value), 0, max);
  } catch {
    // The guest's own getter threw; there is nothing to tell but that.
    return otherwise;
  }
}
