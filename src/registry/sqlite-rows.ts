/** Rows of the database as values; what has another type than it must have is `REGISTRY_CORRUPT`. */
import { ScatterError } from '../errors.ts';
import type { VersionInfo } from '../model/version.ts';
import type { FunctionState } from './function-state.ts';
import type { LogEntry } from './registry.ts';
import type { Row } from './sqlite-session.ts';

/** Expects the columns of `function`, and the numbers of its versions as a JSON list in `versions`. */
export function readState(row: Row): FunctionState {
  return {
    name: text(row, 'name'),
    latest: integer(row, 'latest'),
    live: integer(row, 'live'),
    liveEpoch: integer(row, 'live_epoch'),
    lastVersion: integer(row, 'last_version'),
    versions: list(row, 'versions', isNumber),
    history: list(row, 'history', isNumber),
    aliases: readAliases(row),
  };
}

export function readVersion(row: Row): VersionInfo {
  return {
    name: text(row, 'name'),
    version: integer(row, 'version'),
    digest: text(row, 'digest'),
    createdAt: date(row, 'created_at'),
    author: text(row, 'author'),
    ...(row['message'] === null ? {} : { message: text(row, 'message') }),
    bytes: integer(row, 'bytes'),
    requires: list(row, 'requires', isString),
    format: integer(row, 'format'),
  };
}

export function readLogEntry(row: Row): LogEntry {
  return {
    epoch: integer(row, 'epoch'),
    name: text(row, 'name'),
    action: readAction(row),
    ...(row['version'] === null ? {} : { version: integer(row, 'version') }),
    ...(row['alias'] === null ? {} : { alias: text(row, 'alias') }),
    at: date(row, 'at'),
    author: text(row, 'author'),
    ...(row['message'] === null ? {} : { message: text(row, 'message') }),
  };
}

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : damaged(column, value);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : damaged(column, value);
}

export function date(row: Row, column: string): Date {
  return new Date(integer(row, column));
}

/** A column that holds JSON. */
export function json(row: Row, column: string): unknown {
  const value = text(row, column);
  try {
    return JSON.parse(value);
  } catch (cause) {
    return damaged(column, value, cause);
  }
}

function list<T>(row: Row, column: string, isElement: (value: unknown) => value is T): T[] {
  const value = json(row, column);
  return Array.isArray(value) && value.every(isElement) ? value : damaged(column, value);
}

function readAliases(row: Row): Record<string, number> {
  const value = json(row, 'aliases');
  if (typeof value !== 'object' || value === null) return damaged('aliases', value);
  const entries = Object.entries(value);
  return entries.every(([, version]) => isNumber(version))
    ? Object.fromEntries(entries)
    : damaged('aliases', value);
}

const ACTIONS: readonly LogEntry['action'][] = [
  'push',
  'move',
  'rollback',
  'alias',
  'delete',
  'prune',
];

function readAction(row: Row): LogEntry['action'] {
  const value = text(row, 'action');
  return ACTIONS.find((action) => action === value) ?? damaged('action', value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function damaged(column: string, value: unknown, cause?: unknown): never {
  throw new ScatterError(
    'SCATTER_ERR_REGISTRY_CORRUPT',
    `the registry holds ${String(value).slice(0, 60)} in the column ${column}, which scatter never ` +
      'writes there; restore the file from a backup, or use another one',
    { cause },
  );
}
