import type { VersionInfo } from '../../model/version.ts';
import {
  type Changes,
  type FunctionRecord,
  type Head,
  isSameHead,
  type LogEntry,
  MAX_CHANGES,
} from '../registry.ts';
import { damaged } from '../stored-fields.ts';
import type { RedisConnection } from './connection.ts';
import { HEAD_FIELD, type RedisKeys, versionField } from './keys.ts';
import { decodeEntries, entryId, headAfter, type StreamEntry } from './log-entries.ts';
import {
  decodeHead,
  decodeLatest,
  decodeRecord,
  decodeVersion,
  EMPTY_GENERATION,
} from './records.ts';

/** How many log entries one step of a filtered reading takes. */
const PAGE = 1000;

/** A record of a hundred bytes can say that there are a hundred thousand; that many have 40 MB. */
const MAX_LISTED_VERSIONS = 5_000_000;

/** Each reading is one command on one key, and so sees one state of it, on a cluster, too. */
export async function readHead(connection: RedisConnection, keys: RedisKeys): Promise<Head> {
  return decodeHead(textOf(await connection.call('HGET', [keys.functions, HEAD_FIELD])));
}

export async function readChanges(
  connection: RedisConnection,
  keys: RedisKeys,
  since: Head,
): Promise<Changes> {
  // What is longer was not written by a scatter, or is read in no time less than all there is.
  const bounds = [entryId(since), '+', 'COUNT', MAX_CHANGES + 1];
  const entries = decodeEntries(await connection.call('XRANGE', [keys.log, ...bounds]));
  const changes = changesIn(entries, since);
  if (changes !== undefined && entries.length <= MAX_CHANGES) return changes;
  const head = await readHead(connection, keys);
  if (changes !== undefined) return { head, names: 'all' };
  if (isSameHead(head, since)) return { head, names: [] };
  if (head.generation !== since.generation || head.epoch < since.epoch) {
    return { head, names: 'all' };
  }
  // The reader's own write is not in the log: it was trimmed away, or it never was in this history.
  const [oldest] = decodeEntries(await connection.call('XRANGE', [keys.log, '-', '+', 'COUNT', 1]));
  const forked = (oldest?.entry.epoch ?? Number.POSITIVE_INFINITY) <= since.epoch;
  return { head, names: 'all', ...(forked && { forked }) };
}

/** Newest first. */
export async function readLog(
  connection: RedisConnection,
  keys: RedisKeys,
  { name, limit }: { name?: string; limit: number },
): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  const page = name === undefined ? Math.max(1, Math.floor(limit)) : PAGE;
  let end = '+';
  while (found.length < limit) {
    const reply = await connection.call('XREVRANGE', [keys.log, end, '-', 'COUNT', page]);
    const entries = decodeEntries(reply);
    const wanted = entries.filter(({ entry }) => name === undefined || entry.name === name);
    found.push(...wanted.map(({ entry }) => entry));
    const last = entries.at(-1);
    if (last === undefined || entries.length < page) break;
    end = `(${entryId(headAfter(last))}`;
  }
  return found.slice(0, Math.max(0, limit));
}

/** The functions that exist, by name. */
export async function readRecords(
  connection: RedisConnection,
  keys: RedisKeys,
): Promise<FunctionRecord[]> {
  const records: FunctionRecord[] = [];
  let versions = 0;
  for (const [name, stored] of await readFunctions(connection, keys)) {
    const record = decodeRecord(name, stored);
    versions += record.versions.length;
    if (versions > MAX_LISTED_VERSIONS) return damaged('versions', stored);
    if (record.latest > 0) records.push(record);
  }
  return records.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function readNames(connection: RedisConnection, keys: RedisKeys): Promise<string[]> {
  const stored = await readFunctions(connection, keys);
  return stored.filter((one) => decodeLatest(...one) > 0).map(([name]) => name);
}

/** Also what is left of those that were deleted. */
async function readFunctions(
  connection: RedisConnection,
  keys: RedisKeys,
): Promise<[name: string, stored: string][]> {
  const reply = await connection.call('HGETALL', [keys.functions]);
  if (!Array.isArray(reply)) return damaged('functions', reply);
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < reply.length; i += 2) {
    const name = String(reply[i]);
    // Fields about all functions have an `@`; no name has.
    if (!name.includes('@')) found.push([name, String(reply[i + 1])]);
  }
  return found;
}

export async function readRecord(
  connection: RedisConnection,
  keys: RedisKeys,
  name: string,
): Promise<FunctionRecord | undefined> {
  // `@head` is no function.
  if (name.includes('@')) return undefined;
  const stored = textOf(await connection.call('HGET', [keys.functions, name]));
  const record = stored === undefined ? undefined : decodeRecord(name, stored);
  return record !== undefined && record.latest > 0 ? record : undefined;
}

/** In the order of the numbers; those that are not there are left out. */
export async function readVersions(
  connection: RedisConnection,
  keys: RedisKeys,
  fields: readonly { readonly name: string; readonly version: number }[],
): Promise<VersionInfo[]> {
  if (fields.length === 0) return [];
  const names = fields.map(({ name, version }) => versionField(name, version));
  const reply = await connection.call('HMGET', [keys.versions, ...names]);
  if (!Array.isArray(reply)) return damaged('versions', reply);
  return reply.flatMap((stored) => (stored === null ? [] : [decodeVersion(String(stored))]));
}

export async function readArtifact(
  connection: RedisConnection,
  keys: RedisKeys,
  digest: string,
): Promise<Uint8Array | undefined> {
  const blob = await connection.call('HGET', [keys.artifacts, digest]);
  return blob instanceof Uint8Array ? blob : undefined;
}

export function textOf(reply: unknown): string | undefined {
  return reply === null || reply === undefined ? undefined : String(reply);
}

/** What follows the write that the reader has seen last; undefined if that is not in the log. */
function changesIn(entries: readonly StreamEntry[], since: Head): Changes | undefined {
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const head = headAfter(last);
  const later = since.epoch === 0 ? entries : entries.slice(1);
  const begins =
    since.epoch === 0
      ? since.generation === EMPTY_GENERATION && first.entry.epoch === 1
      : isSameHead(headAfter(first), since);
  if (!begins) return undefined;
  return { head, names: [...new Set(later.map(({ entry }) => entry.name))] };
}
