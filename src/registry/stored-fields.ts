/** Stored fields as values; what has another type than it must have is `REGISTRY_CORRUPT`. */
import { ScatterError } from '../errors.ts';
import { isCount } from './plain-values.ts';
import type { LogEntry } from './registry.ts';

// What scatter writes has a hundredth of it, unless somebody's message to a push is a book.
const MAX_LENGTH = 16_000_000;

/** A row or record as a store gives it. */
export type StoredRecord = Readonly<Record<string, unknown>>;

export function text(record: StoredRecord, field: string): string {
  const value = record[field];
  return typeof value === 'string' ? value : damaged(field, value);
}

/** A whole number from 0 that is exact; `1e999` in JSON is a number, too. */
export function integer(record: StoredRecord, field: string): number {
  const value = record[field];
  return isCount(value) ? value : damaged(field, value);
}

export function date(record: StoredRecord, field: string): Date {
  const value = new Date(integer(record, field));
  return Number.isNaN(value.getTime()) ? damaged(field, record[field]) : value;
}

/** At most `most` elements. */
export function list<T>(
  record: StoredRecord,
  field: string,
  isElement: (value: unknown) => value is T,
  most: number,
): T[] {
  const value = record[field];
  if (!Array.isArray(value) || value.length > most) return damaged(field, value);
  return value.every(isElement) ? value : damaged(field, value);
}

/** Names and numbers; a name may be anything, `__proto__` too. */
export function numbersByName(record: StoredRecord, field: string): Record<string, number> {
  const value = record[field];
  if (typeof value !== 'object' || value === null) return damaged(field, value);
  const entries = Object.entries(value);
  return entries.every(([, number]) => isCount(number))
    ? Object.fromEntries(entries)
    : damaged(field, value);
}

const ACTIONS: readonly LogEntry['action'][] = [
  'push',
  'move',
  'rollback',
  'alias',
  'delete',
  'prune',
];

export function action(record: StoredRecord): LogEntry['action'] {
  const value = text(record, 'action');
  return ACTIONS.find((known) => known === value) ?? damaged('action', value);
}

/** Text that is JSON. @param most how long it may be, in UTF-16 units */
export function parseStored(field: string, value: string, most = MAX_LENGTH): unknown {
  if (value.length > most) return damaged(field, value);
  try {
    return JSON.parse(value);
  } catch (cause) {
    return damaged(field, value, cause);
  }
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

export function damaged(field: string, value: unknown, cause?: unknown): never {
  // An object may have no way to become text, and a list one that does not end.
  const shown = typeof value === 'object' ? typeof value : String(value).slice(0, 60);
  throw new ScatterError(
    'SCATTER_ERR_REGISTRY_CORRUPT',
    `the registry holds ${shown} in the field ${field}, which scatter never ` +
      'writes there; restore it from a backup, or use another one',
    { cause },
  );
}
