import type { InstanceReport, ReportedFunction } from '../../model/instance-report.ts';
import { decodeReport, encodeReport, MAX_REPORTS } from '../instance-record.ts';
import { damaged } from '../stored-fields.ts';
import type { RedisConnection } from './connection.ts';
import type { RedisKeys } from './keys.ts';
import { textOf } from './reads.ts';

/** For how long an id is looked up, in ms: clocks of machines may differ by less. */
const LISTED_MS = 60 * 60 * 1000;
const RELISTED_MS = LISTED_MS / 4;

/** Ids that one announcement clears away. */
const CLEARED_AT_ONCE = 100;

/** Programs whose reports are asked for at a time: somebody else may have written what they say. */
const READ_AT_ONCE = 100;

/** The field of a report without its functions; no function has this name. */
const INSTANCE_FIELD = '@';

interface Announced {
  readonly fields: ReadonlyMap<string, string>;
  /** On the clock of `performance.now()`. */
  readonly listedAt: number;
}

/**
 * The running programs of a namespace: a hash for each, which the server forgets by its own clock, and
 * their ids. A program with hundreds of functions sends those that changed.
 */
export class Announcements {
  readonly #keys: RedisKeys;
  readonly #announced = new Map<string, Announced>();

  constructor(keys: RedisKeys) {
    this.#keys = keys;
  }

  async announce(
    connection: RedisConnection,
    report: InstanceReport,
    ttlMs: number,
  ): Promise<void> {
    const key = this.#keyOf(report.id);
    const fields = fieldsOf(report);
    const isThere = (await connection.call('PEXPIRE', [key, ttlMs])) === 1;
    const before = isThere ? this.#announced.get(report.id) : undefined;
    const changed = [...fields].filter(([field, text]) => before?.fields.get(field) !== text);
    const gone = [...(before?.fields.keys() ?? [])].filter((field) => !fields.has(field));
    // What another object of this program announced under the id is not known.
    if (isThere && before === undefined) await connection.call('DEL', [key]);
    if (changed.length > 0) await connection.call('HSET', [key, ...changed.flat()]);
    if (before === undefined) await connection.call('PEXPIRE', [key, ttlMs]);
    if (gone.length > 0) await connection.call('HDEL', [key, ...gone]);
    const listedAt = await this.#list(connection, report.id, before?.listedAt);
    this.#announced.set(report.id, { fields, listedAt });
  }

  async withdraw(connection: RedisConnection, id: string): Promise<void> {
    this.#announced.delete(id);
    await connection.call('DEL', [this.#keyOf(id)]);
    await connection.call('ZREM', [this.#keys.fleet, id]);
  }

  async read(connection: RedisConnection): Promise<InstanceReport[]> {
    const range = [this.#keys.fleet, 0, MAX_REPORTS - 1];
    const ids = idsIn(await connection.call('ZRANGE', range));
    const reports: InstanceReport[] = [];
    for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
      const some = ids.slice(at, at + READ_AT_ONCE).map(async (id) => {
        return reportOf(await connection.call('HGETALL', [this.#keyOf(id)]));
      });
      for (const report of await Promise.all(some)) if (report !== undefined) reports.push(report);
    }
    return reports;
  }

  /** Keeps an id among those that are looked up, and clears away those that were not kept. */
  async #list(
    connection: RedisConnection,
    id: string,
    listedAt = Number.NEGATIVE_INFINITY,
  ): Promise<number> {
    const now = performance.now();
    if (now - listedAt < RELISTED_MS) return listedAt;
    const { fleet } = this.#keys;
    await connection.call('ZADD', [fleet, Date.now() + LISTED_MS, id]);
    const old = await connection.call('ZRANGEBYSCORE', [
      fleet,
      '-inf',
      Date.now(),
      'LIMIT',
      0,
      CLEARED_AT_ONCE,
    ]);
    for (const gone of idsIn(old)) await this.withdraw(connection, gone);
    return now;
  }

  #keyOf(id: string): string {
    return `${this.#keys.fleet}:${id}`;
  }
}

function fieldsOf(report: InstanceReport): Map<string, string> {
  const fields = report.functions.map((one): [string, string] => [
    // After lost writes two codes may have one number.
    `${one.name}@${one.version}@${one.digest.slice(0, 12)}`,
    JSON.stringify(one satisfies ReportedFunction),
  ]);
  return new Map([[INSTANCE_FIELD, encodeReport({ ...report, functions: [] })], ...fields]);
}

/** Undefined for one that expired, or is damaged. */
function reportOf(reply: unknown): InstanceReport | undefined {
  if (!Array.isArray(reply)) return damaged('fleet', reply);
  const texts = new Map<string, string>();
  for (let i = 0; i + 1 < reply.length; i += 2) texts.set(String(reply[i]), String(reply[i + 1]));
  const instance = texts.get(INSTANCE_FIELD);
  texts.delete(INSTANCE_FIELD);
  if (instance === undefined) return undefined;
  const functions = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  const all = `"functions":[${functions.join(',')}]`;
  return decodeReport(instance.replace('"functions":[]', () => all));
}

function idsIn(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map((id) => textOf(id) ?? '') : damaged('fleet', reply);
}
