import type { InstanceReport } from '../model/instance-report.ts';
import type { VersionInfo } from '../model/version.ts';
import {
  type Moment,
  type Plan,
  planAlias,
  planDelete,
  planMove,
  planPrune,
  planPush,
  planRollback,
} from './change-set.ts';
import { type FunctionState, functionExists } from './function-state.ts';
import { functionNotFound } from './not-found.ts';
import type {
  Changes,
  FunctionRecord,
  Head,
  KeptVersion,
  LogEntry,
  PushRequest,
  Registry,
} from './registry.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { putInstance, readInstances, removeInstance } from './sqlite-instances.ts';
import * as reads from './sqlite-reads.ts';
import type { SqliteSession } from './sqlite-session.ts';
import { SqliteWatch } from './sqlite-watch.ts';
import { writeChanges } from './sqlite-writes.ts';

/** One namespace of a database file. */
export class SqliteRegistry implements Registry {
  readonly url: string;
  readonly namespace: string;
  readonly #file: SqliteFile;
  readonly #watch: SqliteWatch;

  constructor(file: SqliteFile, namespace: string) {
    this.url = `sqlite:${file.path}`;
    this.namespace = namespace;
    this.#file = file;
    this.#watch = new SqliteWatch(file);
  }

  head(): Promise<Head> {
    return this.#read((session) => reads.readHead(session, this.namespace));
  }

  changes(since: Head): Promise<Changes> {
    return this.#read((session) => {
      const position = reads.readPosition(session, this.namespace);
      const head = reads.readHead(session, this.namespace, position);
      const lost = since.generation !== head.generation || since.epoch > head.epoch;
      if (lost || since.epoch < position.logFloor) return { head, names: 'all' };
      if (this.#isForked(session, since)) return { head, names: 'all', forked: true };
      return { head, names: reads.changedNames(session, this.namespace, since.epoch) };
    });
  }

  log(o: { name?: string; limit: number }): Promise<LogEntry[]> {
    return this.#read((session) => reads.readLog(session, this.namespace, o));
  }

  watch(hint: () => void): () => void {
    return this.#watch.add(hint);
  }

  list(): Promise<FunctionRecord[]> {
    return this.#read((session) => reads.readRecords(session, this.namespace));
  }

  names(): Promise<string[]> {
    return this.#read((session) => reads.functionNames(session, this.namespace));
  }

  find(name: string): Promise<FunctionRecord | undefined> {
    return this.#read((session) => reads.readRecord(session, this.namespace, name));
  }

  version(name: string, version: number): Promise<VersionInfo | undefined> {
    return this.#read((session) => reads.findVersion(session, this.namespace, name, version));
  }

  versions(name: string): Promise<VersionInfo[]> {
    return this.#read((session) => reads.readVersions(session, this.namespace, name));
  }

  artifact(digest: string): Promise<Uint8Array | undefined> {
    return this.#read((session) => reads.findArtifact(session, digest));
  }

  push(request: PushRequest): Promise<VersionInfo[]> {
    return this.#write(request.author, (session, moment) => {
      const done = reads.findPush(session, this.namespace, request.id);
      if (done !== undefined) return { answer: done };
      return planPush(request, moment, (name) => {
        const state = reads.findState(session, this.namespace, name);
        return state && { state, latest: this.#version(session, name, state.latest) };
      });
    });
  }

  setAlias(name: string, alias: string, version: number, author: string): Promise<void> {
    return this.#change(name, author, (state, moment) => planAlias(state, alias, version, moment));
  }

  moveAll(name: string, version: number, author: string): Promise<void> {
    return this.#change(name, author, (state, moment) => planMove(state, version, moment));
  }

  rollback(name: string, author: string): Promise<VersionInfo> {
    return this.#change(name, author, (state, moment, session) =>
      planRollback(state, moment, (version) => this.#version(session, name, version)),
    );
  }

  delete(name: string, author: string): Promise<void> {
    return this.#change(name, author, planDelete);
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

  announce(report: InstanceReport, ttlMs: number): Promise<void> {
    return this.#file.note('announcing an instance in', (session) =>
      putInstance(session, this.namespace, report, ttlMs),
    );
  }

  withdraw(id: string): Promise<void> {
    return this.#file.note('withdrawing an instance from', (session) =>
      removeInstance(session, this.namespace, id),
    );
  }

  instances(): Promise<InstanceReport[]> {
    return this.#read((session) => readInstances(session, this.namespace));
  }

  async close(): Promise<void> {
    this.#watch.stop();
    await this.#file.close();
  }

  #read<T>(query: (session: SqliteSession) => T): Promise<T> {
    return this.#file.read('reading', query);
  }

  /** A write to one function that exists. */
  #change<T>(
    name: string,
    author: string,
    plan: (state: FunctionState, moment: Moment, session: SqliteSession) => Plan<T>,
  ): Promise<T> {
    return this.#write(author, (session, moment) => {
      const state = reads.findState(session, this.namespace, name);
      if (state === undefined || !functionExists(state)) {
        throw functionNotFound(name, this, reads.functionNames(session, this.namespace));
      }
      return plan(state, moment, session);
    });
  }

  async #write<T>(
    author: string,
    makePlan: (session: SqliteSession, moment: Moment) => Plan<T>,
  ): Promise<T> {
    const { answer, changes } = await this.#file.write('writing', (session) => {
      const position = reads.readPosition(session, this.namespace);
      const plan = makePlan(session, { epoch: position.epoch + 1, at: new Date(), author });
      if (plan.changes !== undefined) {
        writeChanges(session, this.namespace, position, plan.changes);
      }
      return plan;
    });
    if (changes !== undefined) this.#watch.touch();
    return answer;
  }

  #isForked(session: SqliteSession, { epoch, mark }: Head): boolean {
    const stored = reads.markAt(session, this.namespace, epoch);
    return mark !== undefined && stored !== undefined && stored !== mark;
  }

  #version(session: SqliteSession, name: string, version: number): VersionInfo | undefined {
    return reads.findVersion(session, this.namespace, name, version);
  }
}
