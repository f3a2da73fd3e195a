import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isScatterError } from '../../errors.ts';
import type { InstanceReport } from '../../model/instance-report.ts';
import type { VersionInfo } from '../../model/version.ts';
import {
  type Moment,
  type Plan,
  planAlias,
  planDelete,
  planMove,
  planPrune,
  planPush,
  planRollback,
} from '../change-set.ts';
import { type FunctionState, functionExists, rollback } from '../function-state.ts';
import { functionNotFound, missingFunction } from '../not-found.ts';
import type {
  AskOptions,
  Changes,
  FunctionRecord,
  Head,
  KeptVersion,
  LogEntry,
  PushRequest,
  Registry,
} from '../registry.ts';
import { Announcements } from './announcements.ts';
import type { RedisConnection } from './connection.ts';
import { Hints } from './hints.ts';
import { type RedisKeys, redisKeys } from './keys.ts';
import { RedisLink } from './link.ts';
import * as reads from './reads.ts';
import { decodeAnsweredVersion, decodeVersions } from './records.ts';
import { ServerWarnings } from './server-warnings.ts';
import { type RedisWrite, type WriteView, writeTo } from './writes.ts';

/** One namespace of a Redis server, or of a cluster. */
export class RedisRegistry implements Registry {
  readonly url: string;
  readonly namespace: string;
  readonly #keys: RedisKeys;
  readonly #link: RedisLink;
  readonly #hints: Hints;
  readonly #warnings: ServerWarnings;
  readonly #announcements: Announcements;

  constructor(
    url: string,
    namespace: string,
    connect: (signal: AbortSignal) => Promise<RedisConnection>,
    onWarning: (message: string) => void = () => undefined,
  ) {
    this.url = url;
    this.namespace = namespace;
    this.#keys = redisKeys(namespace);
    this.#warnings = new ServerWarnings(url, onWarning);
    this.#announcements = new Announcements(this.#keys);
    this.#hints = new Hints(this.#keys.channel, (error) => this.#warnings.unheard(error));
    this.#link = new RedisLink(url, connect, {
      onConnected: (connection) => {
        this.#warnings.check(connection);
        this.#hints.attach(connection);
      },
    });
  }

  head(): Promise<Head> {
    return this.#read((connection) => reads.readHead(connection, this.#keys));
  }

  changes(since: Head, o?: AskOptions): Promise<Changes> {
    return this.#read((connection) => reads.readChanges(connection, this.#keys, since), o);
  }

  log(o: { name?: string; limit: number }): Promise<LogEntry[]> {
    return this.#read((connection) => reads.readLog(connection, this.#keys, o));
  }

  watch(hint: () => void): () => void {
    return this.#hints.add(hint, this.#link.connection);
  }

  list(): Promise<FunctionRecord[]> {
    return this.#read((connection) => reads.readRecords(connection, this.#keys));
  }

  names(): Promise<string[]> {
    return this.#read((connection) => reads.readNames(connection, this.#keys));
  }

  find(name: string): Promise<FunctionRecord | undefined> {
    return this.#read((connection) => reads.readRecord(connection, this.#keys, name));
  }

  version(name: string, version: number): Promise<VersionInfo | undefined> {
    return this.#read(async (connection) => {
      const [info] = await reads.readVersions(connection, this.#keys, [{ name, version }]);
      return info;
    });
  }

  versions(name: string): Promise<VersionInfo[]> {
    return this.#read(async (connection) => {
      const record = await reads.readRecord(connection, this.#keys, name);
      const newestFirst = [...(record?.versions ?? [])].reverse();
      const fields = newestFirst.map((version) => ({ name, version }));
      return reads.readVersions(connection, this.#keys, fields);
    });
  }

  async artifact(digest: string): Promise<Uint8Array | undefined> {
    const pause = this.#hints.pauseBeforeFetch();
    if (pause > 0) await delay(pause);
    return this.#read((connection) => reads.readArtifact(connection, this.#keys, digest));
  }

  push(request: PushRequest): Promise<VersionInfo[]> {
    return this.#write({
      id: request.id,
      author: request.author,
      names: [...new Set(request.items.map(({ name }) => name))],
      plan: (view, moment) => planPush(request, moment, (name) => view.find(name)),
      revive: decodeVersions,
    });
  }

  async setAlias(name: string, alias: string, version: number, author: string): Promise<void> {
    await this.#change(name, author, (state, moment) => planAlias(state, alias, version, moment));
  }

  async moveAll(name: string, version: number, author: string): Promise<void> {
    await this.#change(name, author, (state, moment) => planMove(state, version, moment));
  }

  async rollback(name: string, author: string): Promise<VersionInfo> {
    return this.#change(
      name,
      author,
      (state, moment, view) => planRollback(state, moment, (number) => view.version(name, number)),
      { alsoRead: rollbackTarget, revive: decodeAnsweredVersion },
    );
  }

  async delete(name: string, author: string): Promise<void> {
    await this.#change(name, author, planDelete);
  }

  prune(
    name: string,
    olderThan: number,
    inUse: readonly number[],
    author: string,
  ): Promise<{ removed: number[]; kept: KeptVersion[] }> {
    return this.#change(name, author, (state, moment) =>
      planPrune(state, olderThan, inUse, moment),
    );
  }

  announce(report: InstanceReport, ttlMs: number, o?: AskOptions): Promise<void> {
    const announce = (connection: RedisConnection) =>
      this.#announcements.announce(connection, report, ttlMs);
    return this.#link.run('announcing this program to', announce, o);
  }

  withdraw(id: string, o?: AskOptions): Promise<void> {
    return this.#link.run(
      'leaving',
      (connection) => this.#announcements.withdraw(connection, id),
      o,
    );
  }

  instances(): Promise<InstanceReport[]> {
    return this.#read((connection) => this.#announcements.read(connection));
  }

  async close(): Promise<void> {
    this.#hints.clear();
    await this.#link.close();
  }

  #read<T>(query: (connection: RedisConnection) => Promise<T>, o?: AskOptions): Promise<T> {
    return this.#link.run('reading', query, o);
  }

  /** A write to one function that exists. */
  async #change<T>(
    name: string,
    author: string,
    plan: (state: FunctionState, moment: Moment, view: WriteView) => Plan<T>,
    o: Pick<RedisWrite<T>, 'alsoRead'> & { revive?: (answer: unknown) => T } = {},
  ): Promise<T> {
    const { url, namespace } = this;
    try {
      return await this.#write({
        id: randomUUID(),
        author,
        names: [name],
        plan(view, moment) {
          const state = view.find(name)?.state;
          if (state === undefined || !functionExists(state)) {
            throw functionNotFound(name, { url, namespace });
          }
          return plan(state, moment, view);
        },
        // What the others answer is JSON already, or nothing.
        revive: (answer) => answer as T,
        ...o,
      });
    } catch (error) {
      if (!isScatterError(error, 'SCATTER_ERR_FUNCTION_NOT_FOUND')) throw error;
      throw await missingFunction(name, this);
    }
  }

  #write<T>(write: Omit<RedisWrite<T>, 'onUnpublished'>): Promise<T> {
    const attempt = (connection: RedisConnection) =>
      writeTo(connection, this.#keys, {
        ...write,
        onUnpublished: (reason) => this.#warnings.unpublished(reason),
      });
    return this.#hints.during(() => this.#link.run('writing', attempt));
  }
}

function rollbackTarget(state: FunctionState): number {
  try {
    return rollback(state, 0).latest;
  } catch {
    // There is nothing to go back to; the plan says so.
    return 0;
  }
}
