/** Reports of running programs as the text that registries keep. */
import type { InstanceReport, ReportedFunction } from '../model/instance-report.ts';
import { fieldsOf, isCount, isText, readAll } from './plain-values.ts';

/** Of how many programs is told; no fleet that shares a registry is larger. */
export const MAX_REPORTS = 10_000;

/** Ten thousand functions have a quarter of it, in UTF-16 units. What is longer counts as damaged. */
export const MAX_REPORT_LENGTH = 8_000_000;

export function encodeReport(report: InstanceReport): string {
  return JSON.stringify(report);
}

/**
 * Undefined for what is no report, damaged or of another scatter: it is left out, because one bad
 * report must not hide all others, and it is gone soon anyway, as every report expires. Fields that are
 * not known are ignored: who needs more in a report adds fields, and older scatters read on.
 */
export function decodeReport(text: string): InstanceReport | undefined {
  const record = text.length > MAX_REPORT_LENGTH ? undefined : fieldsOf(parse(text));
  if (record === undefined) return undefined;
  const { id, host, pid, scatter, generation, epoch, mark } = record;
  const startedAt = readDate(record['startedAt']);
  const cacheSince = readDate(record['cacheSince']);
  const functions = readAll(record['functions'], readFunction);
  if (!isText(id) || !isText(host) || !isCount(pid)) return undefined;
  if (!isText(scatter) || !isText(generation) || !isCount(epoch)) return undefined;
  if (startedAt === undefined || functions === undefined) return undefined;
  if (record['cacheSince'] !== undefined && cacheSince === undefined) return undefined;
  if (mark !== undefined && !isText(mark)) return undefined;
  return {
    ...{ id, host, pid, startedAt, scatter, generation, epoch, functions },
    ...(mark !== undefined && { mark }),
    ...(cacheSince !== undefined && { cacheSince }),
  };
}

function readFunction(value: unknown): ReportedFunction | undefined {
  const record = fieldsOf(value);
  if (record === undefined) return undefined;
  const { name, version, digest, pinned } = record;
  const orphaned = record['orphaned'] === true ? ({ orphaned: true } as const) : {};
  if (!isText(name) || !isCount(version) || !isText(digest)) return undefined;
  if (typeof pinned !== 'boolean') return undefined;
  if (record['blocked'] === undefined) return { name, version, digest, pinned, ...orphaned };
  const blocked = readBlocked(record['blocked']);
  return blocked && { name, version, digest, pinned, ...orphaned, blocked };
}

function readBlocked(value: unknown): ReportedFunction['blocked'] {
  const record = fieldsOf(value);
  if (record === undefined) return undefined;
  const { version, code, message } = record;
  if (!isCount(version) || !isText(code) || !isText(message)) return undefined;
  return { version, code, message };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no report; decodeReport says what becomes of it.
    return undefined;
  }
}

function readDate(value: unknown): Date | undefined {
  if (!isText(value)) return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
