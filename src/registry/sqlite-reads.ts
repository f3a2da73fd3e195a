import type { VersionInfo } from '../model/version.ts';
import { type FunctionState, toRecord } from './function-state.ts';
import { type FunctionRecord, type Head, type LogEntry, MAX_CHANGES } from './registry.ts';
import { json, readLogEntry, readState, readVersion } from './sqlite-rows.ts';
import type { Row, SqliteSession } from './sqlite-session.ts';
import { date, integer, text } from './stored-fields.ts';

const FUNCTION = `
  SELECT *, (
    SELECT json_group_array(version ORDER BY version) FROM version
    WHERE version.namespace = function.namespace AND version.name = function.name
  ) AS versions
  FROM function WHERE namespace = ?`;

/** How far a namespace is, and how its log is numbered. */
export interface Position extends Head {
  /** The number of the newest log entry; they begin at 1. */
  readonly logEnd: number;
  /** Changes up to this epoch have left the log. */
  readonly logFloor: number;
}

/** How far it is, with the time of the last write, by which a restored file that grew again is told. */
export function readHead(
  session: SqliteSession,
  namespace: string,
  { generation, epoch }: Head = readPosition(session, namespace),
): Head {
  const mark = markAt(session, namespace, epoch);
  return mark === undefined ? { generation, epoch } : { generation, epoch, mark };
}

/** Of the write that made an epoch; undefined when that is in the log no more. */
export function markAt(
  session: SqliteSession,
  namespace: string,
  epoch: number,
): string | undefined {
  const sql = 'SELECT max(at) AS at FROM change WHERE namespace = ? AND epoch = ?';
  const at = session.get(sql, namespace, epoch)?.['at'];
  return typeof at === 'number' ? String(at) : undefined;
}

export function readPosition(session: SqliteSession, namespace: string): Position {
  const registry = session.get('SELECT generation FROM registry');
  const generation = text(registry ?? {}, 'generation');
  const row = session.get('SELECT * FROM namespace WHERE name = ?', namespace);
  if (row === undefined) return { generation, epoch: 0, logEnd: 0, logFloor: 0 };
  return {
    generation,
    epoch: integer(row, 'epoch'),
    logEnd: integer(row, 'log_end'),
    logFloor: integer(row, 'log_floor'),
  };
}

/** Names that changed after `epoch`, each once, the oldest change first. */
export function changedNames(
  session: SqliteSession,
  namespace: string,
  epoch: number,
): string[] | 'all' {
  const sql = `SELECT name FROM change WHERE namespace = ? AND epoch > ?
    ORDER BY epoch, number LIMIT ?`;
  const rows = session.all(sql, namespace, epoch, MAX_CHANGES + 1);
  if (rows.length > MAX_CHANGES) return 'all';
  return [...new Set(rows.map((row) => text(row, 'name')))];
}

/** Newest first. */
export function readLog(
  session: SqliteSession,
  namespace: string,
  { name, limit }: { name?: string; limit: number },
): LogEntry[] {
  // SQLite takes a negative limit for none at all.
  const most = Math.max(0, Math.floor(limit));
  const newest = 'ORDER BY number DESC LIMIT ?';
  const rows =
    name === undefined
      ? session.all(`SELECT * FROM change WHERE namespace = ? ${newest}`, namespace, most)
      : session.all(
          `SELECT * FROM change WHERE namespace = ? AND name = ? ${newest}`,
          namespace,
          name,
          most,
        );
  return rows.map(readLogEntry);
}

/** The functions that exist, by name. */
export function readRecords(session: SqliteSession, namespace: string): FunctionRecord[] {
  return session.all(`${FUNCTION} AND latest > 0 ORDER BY name`, namespace).map(record);
}

export function readRecord(
  session: SqliteSession,
  namespace: string,
  name: string,
): FunctionRecord | undefined {
  const row = session.get(`${FUNCTION} AND name = ? AND latest > 0`, namespace, name);
  return row && record(row);
}

/** Also gives what is left of a deleted function; undefined for a name that was never used. */
export function findState(
  session: SqliteSession,
  namespace: string,
  name: string,
): FunctionState | undefined {
  const row = session.get(`${FUNCTION} AND name = ?`, namespace, name);
  return row && readState(row);
}

export function functionNames(session: SqliteSession, namespace: string): string[] {
  const sql = 'SELECT name FROM function WHERE namespace = ? AND latest > 0';
  return session.all(sql, namespace).map((row) => text(row, 'name'));
}

export function findVersion(
  session: SqliteSession,
  namespace: string,
  name: string,
  version: number,
): VersionInfo | undefined {
  const sql = 'SELECT * FROM version WHERE namespace = ? AND name = ? AND version = ?';
  const row = session.get(sql, namespace, name, version);
  return row && readVersion(row);
}

/** Newest first. */
export function readVersions(
  session: SqliteSession,
  namespace: string,
  name: string,
): VersionInfo[] {
  const sql = 'SELECT * FROM version WHERE namespace = ? AND name = ? ORDER BY version DESC';
  return session.all(sql, namespace, name).map(readVersion);
}

export function findArtifact(session: SqliteSession, digest: string): Uint8Array | undefined {
  const blob = session.get('SELECT blob FROM artifact WHERE digest = ?', digest)?.['blob'];
  return blob instanceof Uint8Array ? blob : undefined;
}

/** What the push of this id answered, if it was done. */
export function findPush(
  session: SqliteSession,
  namespace: string,
  id: string,
): VersionInfo[] | undefined {
  const row = session.get('SELECT answer FROM push WHERE namespace = ? AND id = ?', namespace, id);
  if (row === undefined) return undefined;
  const answer = json(row, 'answer') as VersionInfo[];
  return answer.map((info) => ({ ...info, createdAt: new Date(info.createdAt) }));
}

function record(row: Row): FunctionRecord {
  return toRecord(readState(row), date(row, 'updated_at'));
}
