import { randomUUID } from 'node:crypto';
import { ScatterError } from '../errors.ts';
import type { SqliteSession } from './sqlite-session.ts';
import { text } from './stored-fields.ts';

/** `scat` in ASCII: by this a database file is known to be ours. */
const APPLICATION_ID = 0x73636174;

/** Raised when an older scatter could not work with the tables any more. */
const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE registry (generation TEXT NOT NULL) STRICT;

  CREATE TABLE namespace (
    name TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    log_end INTEGER NOT NULL,
    log_floor INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE function (
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    latest INTEGER NOT NULL,
    live INTEGER NOT NULL,
    live_epoch INTEGER NOT NULL,
    last_version INTEGER NOT NULL,
    history TEXT NOT NULL,
    aliases TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (namespace, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE version (
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    message TEXT,
    bytes INTEGER NOT NULL,
    requires TEXT NOT NULL,
    format INTEGER NOT NULL,
    PRIMARY KEY (namespace, name, version)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX version_digest ON version (digest);

  CREATE TABLE artifact (digest TEXT PRIMARY KEY, blob BLOB NOT NULL) STRICT;

  CREATE TABLE change (
    namespace TEXT NOT NULL,
    number INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    name TEXT NOT NULL,
    action TEXT NOT NULL,
    version INTEGER,
    alias TEXT,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    message TEXT,
    PRIMARY KEY (namespace, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX change_epoch ON change (namespace, epoch);
  CREATE INDEX change_name ON change (namespace, name);

  CREATE TABLE push (
    namespace TEXT NOT NULL,
    id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (namespace, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX push_epoch ON push (namespace, epoch);
`;

/**
 * Makes the tables in an empty database; any other must be a scatter registry that this version can
 * use. Touches nothing in a database that is somebody else's.
 *
 * @throws ScatterError `CONFIG_INVALID`, `FORMAT_UNSUPPORTED`
 */
export function prepareSchema(session: SqliteSession, path: string): void {
  if (checkOwner(session, path)) return;
  session.exec('PRAGMA journal_mode = WAL');
  session.transact('BEGIN IMMEDIATE', () => {
    // Another process may have been first.
    if (checkOwner(session, path)) return;
    session.exec(SCHEMA);
    session.run('INSERT INTO registry (generation) VALUES (?)', randomUUID());
    session.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    session.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}

/** Whether the tables are there; false for an empty database. */
function checkOwner(session: SqliteSession, path: string): boolean {
  const tables = session.all("SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 4");
  const applicationId = readPragma(session, 'application_id');
  if (tables.length === 0 && applicationId === 0) return false;
  if (applicationId !== APPLICATION_ID) {
    const names = tables.map((row) => `\`${text(row, 'name')}\``).join(', ') || 'none';
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `${path} is an SQLite database of another program (its tables: ${names}; its application_id: ` +
        `${applicationId}); nothing in it was touched, give the url a file of its own`,
    );
  }
  const version = readPragma(session, 'user_version');
  if (version <= SCHEMA_VERSION) return true;
  throw new ScatterError(
    'SCATTER_ERR_FORMAT_UNSUPPORTED',
    `${path} is the registry of a newer scatter (its tables have version ${version}, this scatter ` +
      `knows ${SCHEMA_VERSION}); update scatter-fn here, or use another file`,
  );
}

function readPragma(session: SqliteSession, name: 'application_id' | 'user_version'): number {
  // Another program may have set one below 0.
  const value = session.get(`PRAGMA ${name}`)?.[name];
  return typeof value === 'number' ? value : 0;
}
