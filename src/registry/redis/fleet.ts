import type { InstanceReport } from '../../model/instance-report.ts';
import { decodeReport, encodeReport } from '../instance-record.ts';
import { damaged } from '../stored-fields.ts';
import type { RedisConnection } from './connection.ts';
import type { RedisKeys } from './keys.ts';

/** The running programs of a namespace: the server forgets them by its own clock. */
export class Fleet {
  readonly #keys: RedisKeys;
  readonly #announced = new Map<string, string>();

  constructor(keys: RedisKeys) {
    this.#keys = keys;
  }

  async announce(
    connection: RedisConnection,
    report: InstanceReport,
    ttlMs: number,
  ): Promise<void> {
    const { id } = report;
    const key = this.#keyOf(id);
    const text = encodeReport(report);
    // A heartbeat says nothing new.
    const known = this.#announced.get(id) === text;
    if (known && (await connection.call('PEXPIRE', key, ttlMs)) === 1) return;
    await connection.call('SET', key, text, 'PX', ttlMs);
    await connection.call('SADD', this.#keys.fleet, id);
    this.#announced.set(id, text);
  }

  async withdraw(connection: RedisConnection, id: string): Promise<void> {
    this.#announced.delete(id);
    await connection.call('DEL', this.#keyOf(id));
    await connection.call('SREM', this.#keys.fleet, id);
  }

  async read(connection: RedisConnection): Promise<InstanceReport[]> {
    const ids = await connection.call('SMEMBERS', this.#keys.fleet);
    if (!Array.isArray(ids)) return damaged('fleet', ids);
    if (ids.length === 0) return [];
    const keys = ids.map((id) => this.#keyOf(String(id)));
    const stored = await connection.call('MGET', ...keys);
    if (!Array.isArray(stored)) return damaged('fleet', stored);
    return stored.flatMap((text) => (text === null ? [] : (decodeReport(String(text)) ?? [])));
  }

  #keyOf(id: string): string {
    return `${this.#keys.fleet}:${id}`;
  }
}
