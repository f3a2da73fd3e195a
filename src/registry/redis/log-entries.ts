/** The change log: one stream entry, `epoch-n`, for each function that a write changed. */
import type { Head, LogEntry } from '../registry.ts';
import { action, damaged, date, integer, type StoredRecord, text } from '../stored-fields.ts';

/** An entry with what ties it to its write. */
export interface StreamEntry {
  readonly entry: LogEntry;
  readonly generation: string;
  /** {@link Head.mark} of this very entry. */
  readonly mark: string;
}

/** Field names and values, in turn. */
export function encodeEntry(entry: LogEntry, generation: string, commit: string): string[] {
  const { name, action: what, version, alias, at, author, message } = entry;
  const fields = { name, action: what, version, alias, at: at.getTime(), author, message };
  return Object.entries({ ...fields, commit, generation }).flatMap(([field, value]) =>
    value === undefined ? [] : [field, `${value}`],
  );
}

/** One reply of XRANGE or XREVRANGE. */
export function decodeEntries(reply: unknown): StreamEntry[] {
  return Array.isArray(reply) ? reply.map(decodeEntry) : damaged('log', reply);
}

/** How far a namespace is after an entry that is the last one of its write. */
export function headAfter({ entry, generation, mark }: StreamEntry): Head {
  return { generation, epoch: entry.epoch, mark };
}

export function markOf(n: number, commit: string): string {
  return `${n}:${commit}`;
}

/** The id of the entry that a mark names. */
export function entryId({ epoch, mark = '' }: Head): string {
  return `${epoch}-${/^\d+/.exec(mark)?.[0] ?? '0'}`;
}

function decodeEntry(reply: unknown): StreamEntry {
  const [id, fields] = Array.isArray(reply) ? reply : [];
  const [, epoch, n] = /^(\d{1,15})-(\d{1,15})$/.exec(String(id)) ?? [];
  if (epoch === undefined || !Array.isArray(fields)) return damaged('log', id);
  const record = recordOf(fields);
  return {
    entry: {
      epoch: Number(epoch),
      name: text(record, 'name'),
      action: action(record),
      ...(record['version'] === undefined ? {} : { version: integer(record, 'version') }),
      ...(record['alias'] === undefined ? {} : { alias: text(record, 'alias') }),
      at: date(record, 'at'),
      author: text(record, 'author'),
      ...(record['message'] === undefined ? {} : { message: text(record, 'message') }),
    },
    generation: text(record, 'generation'),
    mark: markOf(Number(n), text(record, 'commit')),
  };
}

function recordOf(fields: readonly unknown[]): StoredRecord {
  const record: Record<string, unknown> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [field, value] = [String(fields[i]), String(fields[i + 1])];
    record[field] = field === 'at' || field === 'version' ? Number(value) : value;
  }
  return record;
}
