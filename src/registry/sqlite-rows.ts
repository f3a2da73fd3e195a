/** Rows of the database as values; what has another type than it must have is `REGISTRY_CORRUPT`. */
import { MAX_REQUIRES } from '../model/artifact.ts';
import type { VersionInfo } from '../model/version.ts';
import { type FunctionState, HISTORY_CAPACITY, MAX_VERSIONS } from './function-state.ts';
import { isCount } from './plain-values.ts';
import type { LogEntry } from './registry.ts';
import type { Row } from './sqlite-session.ts';
import {
  action,
  date,
  integer,
  isString,
  list,
  numbersByName,
  parseStored,
  text,
} from './stored-fields.ts';

/** Expects the columns of `function`, and the numbers of its versions as a JSON list in `versions`. */
export function readState(row: Row): FunctionState {
  return {
    name: text(row, 'name'),
    latest: integer(row, 'latest'),
    live: integer(row, 'live'),
    liveEpoch: integer(row, 'live_epoch'),
    lastVersion: integer(row, 'last_version'),
    versions: list(parsed(row, 'versions'), 'versions', isCount, MAX_VERSIONS),
    history: list(parsed(row, 'history'), 'history', isCount, HISTORY_CAPACITY),
    aliases: numbersByName(parsed(row, 'aliases'), 'aliases'),
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
    requires: list(parsed(row, 'requires'), 'requires', isString, MAX_REQUIRES),
    format: integer(row, 'format'),
  };
}

export function readLogEntry(row: Row): LogEntry {
  return {
    epoch: integer(row, 'epoch'),
    name: text(row, 'name'),
    action: action(row),
    ...(row['version'] === null ? {} : { version: integer(row, 'version') }),
    ...(row['alias'] === null ? {} : { alias: text(row, 'alias') }),
    at: date(row, 'at'),
    author: text(row, 'author'),
    ...(row['message'] === null ? {} : { message: text(row, 'message') }),
  };
}

/** A column that holds JSON. */
export function json(row: Row, column: string): unknown {
  return parseStored(column, text(row, column));
}

function parsed(row: Row, column: string): { [column: string]: unknown } {
  return { [column]: json(row, column) };
}
