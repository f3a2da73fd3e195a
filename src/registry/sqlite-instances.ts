import type { InstanceReport } from '../model/instance-report.ts';
import { decodeReport, encodeReport, MAX_REPORT_LENGTH, MAX_REPORTS } from './instance-record.ts';
import type { SqliteSession } from './sqlite-session.ts';
import { text } from './stored-fields.ts';

// Not a part of the schema, because registries that were made before it must get it, too, and reading
// must not write. Scatters that do not know the table are not bothered by it.
const TABLE = `CREATE TABLE IF NOT EXISTS instance (
  namespace TEXT NOT NULL,
  id TEXT NOT NULL,
  report TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (namespace, id)
) STRICT, WITHOUT ROWID`;

/** Also removes, in all namespaces, those that have expired. */
export function putInstance(
  session: SqliteSession,
  namespace: string,
  report: InstanceReport,
  ttlMs: number,
): void {
  session.exec(TABLE);
  session.run('DELETE FROM instance WHERE expires_at <= ?', Date.now());
  session.run(
    'INSERT OR REPLACE INTO instance (namespace, id, report, expires_at) VALUES (?, ?, ?, ?)',
    namespace,
    report.id,
    encodeReport(report),
    Date.now() + ttlMs,
  );
}

export function removeInstance(session: SqliteSession, namespace: string, id: string): void {
  if (!hasTable(session)) return;
  session.run('DELETE FROM instance WHERE namespace = ? AND id = ?', namespace, id);
}

/** Those that have not expired. */
export function readInstances(session: SqliteSession, namespace: string): InstanceReport[] {
  if (!hasTable(session)) return [];
  const sql = `SELECT report FROM instance WHERE namespace = ?1 AND expires_at > ?2 AND length(report) <= ?3
    LIMIT ?4`;
  return session
    .all(sql, namespace, Date.now(), MAX_REPORT_LENGTH, MAX_REPORTS)
    .map((row) => decodeReport(text(row, 'report')))
    .filter((report) => report !== undefined);
}

function hasTable(session: SqliteSession): boolean {
  const sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'instance'";
  return session.get(sql) !== undefined;
}
