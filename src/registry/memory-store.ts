import { randomUUID } from 'node:crypto';
import type { VersionInfo } from '../model/version.ts';
import { type ChangeSet, LOG_CAPACITY } from './change-set.ts';
import type { FunctionState } from './function-state.ts';
import type { LogEntry } from './registry.ts';

/** A function with its versions; stays as a tombstone after it was deleted. */
export interface StoredFunction {
  state: FunctionState;
  updatedAt: Date;
  readonly versions: Map<number, VersionInfo>;
}

/** One namespace of a {@link MemoryStore}. */
export interface StoredNamespace {
  epoch: number;
  /** Changes up to this epoch have left the log. */
  logFloor: number;
  log: LogEntry[];
  readonly functions: Map<string, StoredFunction>;
  readonly pushes: Map<string, { readonly epoch: number; readonly answer: readonly VersionInfo[] }>;
  readonly watchers: Set<() => void>;
  readonly instances: Map<string, AnnouncedInstance>;
}

interface AnnouncedInstance {
  /** As text, so that nobody shares objects with who announced it. */
  readonly report: string;
  /** On the clock of `performance.now()`, in ms. */
  readonly expiresAt: number;
}

/** What several openers of `memory:NAME` share; what a database file is to sqlite. */
export class MemoryStore {
  readonly generation = randomUUID();
  readonly #namespaces = new Map<string, StoredNamespace>();
  readonly #artifacts = new Map<string, { readonly blob: Uint8Array; uses: number }>();

  namespace(name: string): StoredNamespace {
    const stored = this.#namespaces.get(name) ?? emptyNamespace();
    this.#namespaces.set(name, stored);
    return stored;
  }

  artifact(digest: string): Uint8Array | undefined {
    return this.#artifacts.get(digest)?.blob;
  }

  apply(namespace: StoredNamespace, changes: ChangeSet): void {
    namespace.epoch = changes.epoch;
    for (const state of changes.states) putState(namespace, state, changes.at);
    for (const { info, blob } of changes.added) {
      namespace.functions.get(info.name)?.versions.set(info.version, info);
      this.#use(info.digest, blob);
    }
    for (const { name, versions } of changes.removed) this.#remove(namespace, name, versions);
    const { push, epoch } = changes;
    if (push !== undefined) namespace.pushes.set(push.id, { epoch, answer: push.answer });
    appendLog(namespace, changes.log);
    scheduleHints(namespace);
  }

  #use(digest: string, blob: Uint8Array): void {
    const artifact = this.#artifacts.get(digest) ?? { blob: Uint8Array.from(blob), uses: 0 };
    artifact.uses += 1;
    this.#artifacts.set(digest, artifact);
  }

  #remove(namespace: StoredNamespace, name: string, numbers: readonly number[]): void {
    const versions = namespace.functions.get(name)?.versions;
    for (const number of numbers) {
      const digest = versions?.get(number)?.digest;
      versions?.delete(number);
      if (digest !== undefined) this.#release(digest);
    }
  }

  #release(digest: string): void {
    const artifact = this.#artifacts.get(digest);
    if (artifact === undefined) return;
    artifact.uses -= 1;
    if (artifact.uses === 0) this.#artifacts.delete(digest);
  }
}

function emptyNamespace(): StoredNamespace {
  return {
    epoch: 0,
    logFloor: 0,
    log: [],
    functions: new Map(),
    pushes: new Map(),
    watchers: new Set(),
    instances: new Map(),
  };
}

function putState(namespace: StoredNamespace, state: FunctionState, updatedAt: Date): void {
  const versions = namespace.functions.get(state.name)?.versions ?? new Map();
  namespace.functions.set(state.name, { state, updatedAt, versions });
}

// Entries of one epoch stay or go together: half a push would look like a whole one.
function appendLog(namespace: StoredNamespace, entries: readonly LogEntry[]): void {
  namespace.log.push(...entries);
  const last = namespace.log[namespace.log.length - LOG_CAPACITY - 1];
  if (last === undefined) return;
  namespace.logFloor = last.epoch;
  namespace.log = namespace.log.filter(({ epoch }) => epoch > last.epoch);
  for (const [id, push] of namespace.pushes) {
    if (push.epoch > last.epoch) break;
    namespace.pushes.delete(id);
  }
}

// Not inside the write: who listens may call the registry again at once. Not unref'd: a loop that has
// nothing else to do would sleep over it.
function scheduleHints({ watchers }: StoredNamespace): void {
  for (const hint of watchers) {
    setImmediate(() => {
      if (watchers.has(hint)) hint();
    });
  }
}
