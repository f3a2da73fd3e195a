import type { VersionInfo } from '../model/version.ts';
import { type ChangeSet, LOG_CAPACITY } from './change-set.ts';
import type { FunctionState } from './function-state.ts';
import type { LogEntry } from './registry.ts';
import type { Position } from './sqlite-reads.ts';
import type { SqliteSession } from './sqlite-session.ts';
import { integer, text } from './stored-fields.ts';

/** Writes a plan, inside the transaction in which `position` was read and the plan was made. */
export function writeChanges(
  session: SqliteSession,
  namespace: string,
  position: Position,
  changes: ChangeSet,
): void {
  for (const state of changes.states) writeState(session, namespace, state, changes.at);
  for (const { info, blob } of changes.added) {
    session.run('INSERT OR IGNORE INTO artifact (digest, blob) VALUES (?, ?)', info.digest, blob);
    insertVersion(session, namespace, info);
  }
  for (const { name, versions } of changes.removed) {
    for (const version of versions) removeVersion(session, namespace, name, version);
  }
  if (changes.push !== undefined) {
    const { id, answer } = changes.push;
    const sql = 'INSERT INTO push (namespace, id, epoch, answer) VALUES (?, ?, ?, ?)';
    session.run(sql, namespace, id, changes.epoch, JSON.stringify(answer));
  }
  appendLog(session, namespace, position, changes);
}

function writeState(
  session: SqliteSession,
  namespace: string,
  state: FunctionState,
  updatedAt: Date,
): void {
  session.run(
    `INSERT OR REPLACE INTO function (namespace, name, latest, live, live_epoch, last_version,
      history, aliases, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    namespace,
    state.name,
    state.latest,
    state.live,
    state.liveEpoch,
    state.lastVersion,
    JSON.stringify(state.history),
    JSON.stringify(state.aliases),
    updatedAt.getTime(),
  );
}

function insertVersion(session: SqliteSession, namespace: string, info: VersionInfo): void {
  session.run(
    `INSERT INTO version (namespace, name, version, digest, created_at, author, message, bytes,
      requires, format) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    namespace,
    info.name,
    info.version,
    info.digest,
    info.createdAt.getTime(),
    info.author,
    info.message ?? null,
    info.bytes,
    JSON.stringify(info.requires),
    info.format,
  );
}

function removeVersion(
  session: SqliteSession,
  namespace: string,
  name: string,
  version: number,
): void {
  const sql = `DELETE FROM version WHERE namespace = ? AND name = ? AND version = ?
    RETURNING digest`;
  const removed = session.get(sql, namespace, name, version);
  if (removed === undefined) return;
  // Artifacts are shared by all versions and namespaces with the same content.
  session.run(
    `DELETE FROM artifact WHERE digest = ?1
      AND NOT EXISTS (SELECT 1 FROM version WHERE digest = ?1)`,
    text(removed, 'digest'),
  );
}

function appendLog(
  session: SqliteSession,
  namespace: string,
  position: Position,
  { epoch, log }: ChangeSet,
): void {
  log.forEach((entry, i) => {
    insertLogEntry(session, namespace, position.logEnd + i + 1, entry);
  });
  const logEnd = position.logEnd + log.length;
  const logFloor = trimLog(session, namespace, logEnd) ?? position.logFloor;
  const sql = `INSERT OR REPLACE INTO namespace (name, epoch, log_end, log_floor)
    VALUES (?, ?, ?, ?)`;
  session.run(sql, namespace, epoch, logEnd, logFloor);
}

function insertLogEntry(
  session: SqliteSession,
  namespace: string,
  number: number,
  entry: LogEntry,
): void {
  session.run(
    `INSERT INTO change (namespace, number, epoch, name, action, version, alias, at, author,
      message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    namespace,
    number,
    entry.epoch,
    entry.name,
    entry.action,
    entry.version ?? null,
    entry.alias ?? null,
    entry.at.getTime(),
    entry.author,
    entry.message ?? null,
  );
}

// Entries of one epoch stay or go together: half a push would look like a whole one.
function trimLog(session: SqliteSession, namespace: string, logEnd: number): number | undefined {
  const sql = 'SELECT epoch FROM change WHERE namespace = ? AND number = ?';
  const last = session.get(sql, namespace, logEnd - LOG_CAPACITY);
  if (last === undefined) return undefined;
  const floor = integer(last, 'epoch');
  session.run('DELETE FROM change WHERE namespace = ? AND epoch <= ?', namespace, floor);
  session.run('DELETE FROM push WHERE namespace = ? AND epoch <= ?', namespace, floor);
  return floor;
}
