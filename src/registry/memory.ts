import { ScatterError } from '../errors.ts';
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
import { type FunctionState, functionExists, toRecord } from './function-state.ts';
import { decodeReport, encodeReport } from './instance-record.ts';
import { MemoryStore, type StoredFunction, type StoredNamespace } from './memory-store.ts';
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

// The one mutable thing of this module: who opens `memory:NAME` must find what others of this
// process put there. A store leaves it when its last opener closes.
const SHARED = new Map<string, { readonly store: MemoryStore; openers: number }>();

/**
 * Opens a registry in this process's memory.
 *
 * @param name which one; all openers of a name share it while at least one has it open. Without a
 *   name it is the opener's own
 */
export async function openMemory(name: string | undefined, namespace: string): Promise<Registry> {
  if (name === undefined || name === '') {
    return new MemoryRegistry('memory:', namespace, new MemoryStore(), () => undefined);
  }
  const shared = SHARED.get(name) ?? { store: new MemoryStore(), openers: 0 };
  SHARED.set(name, shared);
  shared.openers += 1;
  return new MemoryRegistry(`memory:${name}`, namespace, shared.store, () => {
    shared.openers -= 1;
    if (shared.openers === 0) SHARED.delete(name);
  });
}

class MemoryRegistry implements Registry {
  readonly url: string;
  readonly namespace: string;
  readonly #store: MemoryStore;
  readonly #stored: StoredNamespace;
  readonly #hints = new Set<() => void>();
  readonly #release: () => void;
  #closed = false;

  constructor(url: string, namespace: string, store: MemoryStore, release: () => void) {
    this.url = url;
    this.namespace = namespace;
    this.#store = store;
    this.#stored = store.namespace(namespace);
    this.#release = release;
  }

  async head(): Promise<Head> {
    return { generation: this.#store.generation, epoch: this.#open().epoch };
  }

  async changes(since: Head): Promise<Changes> {
    const { epoch, logFloor, log } = this.#open();
    const head = await this.head();
    const lost = since.generation !== head.generation || since.epoch > epoch;
    if (lost || since.epoch < logFloor) return { head, names: 'all' };
    const missed = log.filter((entry) => entry.epoch > since.epoch).map(({ name }) => name);
    return { head, names: [...new Set(missed)] };
  }

  async log({ name, limit }: { name?: string; limit: number }): Promise<LogEntry[]> {
    const entries = this.#open().log.filter((entry) => name === undefined || entry.name === name);
    return structuredClone(entries.reverse().slice(0, Math.max(0, limit)));
  }

  watch(hint: () => void): () => void {
    // A function of its own for each call, so that one listener may watch twice.
    const own = () => hint();
    this.#open().watchers.add(own);
    this.#hints.add(own);
    return () => this.#unwatch(own);
  }

  async list(): Promise<FunctionRecord[]> {
    const existing = [...this.#open().functions.values()].filter(({ state }) =>
      functionExists(state),
    );
    return existing.map(recordOf).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async names(): Promise<string[]> {
    return namesIn(this.#open());
  }

  async find(name: string): Promise<FunctionRecord | undefined> {
    const found = this.#open().functions.get(name);
    return found && functionExists(found.state) ? recordOf(found) : undefined;
  }

  async version(name: string, version: number): Promise<VersionInfo | undefined> {
    return structuredClone(this.#open().functions.get(name)?.versions.get(version));
  }

  async versions(name: string): Promise<VersionInfo[]> {
    const versions = this.#open().functions.get(name)?.versions.values() ?? [];
    return structuredClone([...versions]).sort((a, b) => b.version - a.version);
  }

  async artifact(digest: string): Promise<Uint8Array | undefined> {
    this.#open();
    const blob = this.#store.artifact(digest);
    return blob && Uint8Array.from(blob);
  }

  async push(request: PushRequest): Promise<VersionInfo[]> {
    const { pushes, functions } = this.#open();
    const done = pushes.get(request.id);
    if (done !== undefined) return structuredClone([...done.answer]);
    const plan = planPush(request, this.#moment(request.author), (name) => {
      const found = functions.get(name);
      return found && { state: found.state, latest: found.versions.get(found.state.latest) };
    });
    return structuredClone(this.#commit(plan));
  }

  async setAlias(name: string, alias: string, version: number, author: string): Promise<void> {
    this.#commit(planAlias(this.#state(name), alias, version, this.#moment(author)));
  }

  async moveAll(name: string, version: number, author: string): Promise<void> {
    this.#commit(planMove(this.#state(name), version, this.#moment(author)));
  }

  async rollback(name: string, author: string): Promise<VersionInfo> {
    const state = this.#state(name);
    const versions = this.#stored.functions.get(name)?.versions;
    const read = (version: number) => versions?.get(version);
    return structuredClone(this.#commit(planRollback(state, this.#moment(author), read)));
  }

  async delete(name: string, author: string): Promise<void> {
    this.#commit(planDelete(this.#state(name), this.#moment(author)));
  }

  async prune(
    name: string,
    olderThan: number,
    inUse: readonly number[],
    author: string,
  ): Promise<{ removed: number[]; kept: KeptVersion[] }> {
    return this.#commit(planPrune(this.#state(name), olderThan, inUse, this.#moment(author)));
  }

  async announce(report: InstanceReport, ttlMs: number): Promise<void> {
    const { instances } = this.#open();
    const now = performance.now();
    for (const [id, { expiresAt }] of instances) if (expiresAt <= now) instances.delete(id);
    instances.set(report.id, { report: encodeReport(report), expiresAt: now + ttlMs });
  }

  async withdraw(id: string): Promise<void> {
    this.#open().instances.delete(id);
  }

  async instances(): Promise<InstanceReport[]> {
    const now = performance.now();
    return [...this.#open().instances.values()]
      .filter(({ expiresAt }) => expiresAt > now)
      .map(({ report }) => decodeReport(report))
      .filter((report) => report !== undefined);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const hint of this.#hints) this.#unwatch(hint);
    this.#release();
  }

  #unwatch(hint: () => void): void {
    this.#stored.watchers.delete(hint);
    this.#hints.delete(hint);
  }

  #open(): StoredNamespace {
    if (!this.#closed) return this.#stored;
    throw new ScatterError(
      'SCATTER_ERR_POOL_CLOSED',
      `the registry ${this.url} was closed; open it again to use it`,
    );
  }

  #state(name: string): FunctionState {
    const { functions } = this.#open();
    const state = functions.get(name)?.state;
    if (state !== undefined && functionExists(state)) return state;
    throw functionNotFound(name, this, namesIn(this.#stored));
  }

  #moment(author: string): Moment {
    return { epoch: this.#open().epoch + 1, at: new Date(), author };
  }

  #commit<T>({ answer, changes }: Plan<T>): T {
    if (changes !== undefined) this.#store.apply(this.#stored, changes);
    return answer;
  }
}

function namesIn({ functions }: StoredNamespace): string[] {
  const states = [...functions.values()].map(({ state }) => state);
  return states.filter(functionExists).map(({ name }) => name);
}

function recordOf({ state, updatedAt }: StoredFunction): FunctionRecord {
  return toRecord(state, new Date(updatedAt));
}
