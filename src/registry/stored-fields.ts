/** Stored fields as values; what has another type than it must have is `REGISTRY_CORRUPT`. */
import { ScatterError } from '../errors.ts';
import type { LogEntry } from './registry.ts';

/** A row or record as a store gives it. */
export type StoredRecord = Readonly<Record<string, unknown>>;

export function text(record: StoredRecord, field: string): string {
  const value = record[field];
  return typeof value === 'string' ? value : damaged(field, value);
}

export function integer(record: StoredRecord, field: string): number {
  const value = record[field];
  return typeof value === 'number' ? value : damaged(field, value);
}

export function date(record: StoredRecord, field: string): Date {
  return new Date(integer(record, field));
}

export function list<T>(
  record: StoredRecord,
  field: string,
  isElement: (value: unknown) => value is T,
): T[] {
  const value = record[field];
  return Array.isArray(value) && value.every(isElement) ? value : damaged(field, value);
}

/** Names and numbers; a name may be anything, `__proto__` too. */
export function numbersByName(record: StoredRecord, field: string): Record<string, number> {
  const value = record[field];
  if (typeof value !== 'object' || value === null) return damaged(field, value);
  const entries = Object.entries(value);
  return entries.every(([, number]) => isNumber(number))
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

/** Text that is JSON. */
export function parseStored(field: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (cause) {
    return damaged(field, value, cause);
  }
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

export function damaged(field: string, value: unknown, cause?: unknown): never {
  throw new ScatterError(
    'SCATTER_ERR_REGISTRY_CORRUPT',
    `the registry holds ${String(value).slice(0, 60)} in the field ${field}, which scatter never ` +
      'writes there; restore it from a backup, or use another one',
    { cause },
  );
}
