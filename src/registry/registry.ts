/**
 * The registry port: one namespace of functions in some store. Adapters pass the contract suite in
 * `test/contract/`; everything above this folder knows only this file.
 *
 * The truth is `(generation, epoch)` plus an ordered change log. A notification is only a hint to
 * look: whoever was away reads `changes(since)` and ends at the truth.
 */
import type { InstanceReport } from '../model/instance-report.ts';
import type { VersionInfo } from '../model/version.ts';

/** A point in a registry's history. */
export interface Head {
  /** Identity of the stored data; a new one means that the data was lost and re-made. */
  readonly generation: string;
  /** Counts the writes of the namespace that changed something, from 0; a push of many is one. */
  readonly epoch: number;
  /**
   * Names the write that made this epoch, where the store can go back in time and grow again to the
   * same number by other writes. Only the adapter that gave it reads it.
   */
  readonly mark?: string;
}

/** Everything about one function but its versions' records. */
export interface FunctionRecord {
  readonly name: string;
  /** The version `latest` points at: what `get` and `pull` give from now on. */
  readonly latest: number;
  /** The version that following handles were last told to go to. Differs from `latest` after a push
   *  with `updateExisting: false`. */
  readonly live: number;
  /** The epoch at which `live` was last set; a handle that has seen a lower one moves to `live`. */
  readonly liveEpoch: number;
  /** The highest number ever given to a version. */
  readonly latestVersion: number;
  /** The numbers of the versions that exist, ascending. */
  readonly versions: readonly number[];
  /** Aliases but `latest`. */
  readonly aliases: Readonly<Record<string, number>>;
  readonly updatedAt: Date;
}

/** One function in a push. */
export interface PushItem {
  readonly name: string;
  readonly digest: string;
  /** The artifact as stored: encoded and compressed. */
  readonly blob: Uint8Array;
  /** Size of the artifact before compression, in bytes. */
  readonly bytes: number;
  readonly requires: readonly string[];
  readonly format: number;
  /** The version that `latest` must point at for the push to be done; 0: the function must not exist. */
  readonly expectLatest?: number;
}

export interface PushRequest {
  /** Made by the caller, the same for every try: a push that was done already answers as it did. */
  readonly id: string;
  readonly items: readonly PushItem[];
  /** Whether handles that follow go to the pushed versions. */
  readonly updateExisting: boolean;
  readonly author: string;
  readonly message?: string;
}

/** What happened since a {@link Head}. */
export interface Changes {
  readonly head: Head;
  /** Names of changed functions, each once, oldest change first; `all` when the log does not reach
   *  back that far, the generation changed or the history is another: then everything is to be re-read. */
  readonly names: readonly string[] | 'all';
  /** The store is not behind, but what it has at that epoch is another write than the caller saw. */
  readonly forked?: true;
}

/** Of how many log entries `changes` tells one by one; after more, everything is to be re-read. */
export const MAX_CHANGES = 50_000;

/** Whether two readings met the same state of the same history. */
export function isSameHead(one: Head, other: Head): boolean {
  const { generation, epoch, mark } = one;
  return generation === other.generation && epoch === other.epoch && mark === other.mark;
}

/**
 * Whether the registry lost writes that a reader at `since` had seen: its data is gone and re-made, or
 * went back to an earlier state, as after the failover to a replica that was behind.
 */
export function hasLostWrites(since: Head, { head, forked }: Changes): boolean {
  // Before the first write there was nothing to lose.
  if (since.epoch === 0) return false;
  return forked === true || since.generation !== head.generation || since.epoch > head.epoch;
}

/** One line of the change log. Those of one push share their epoch. */
export interface LogEntry {
  readonly epoch: number;
  readonly name: string;
  readonly action: 'push' | 'move' | 'rollback' | 'alias' | 'delete' | 'prune';
  /** The version that was made, moved to or deleted below; undefined for `delete`. */
  readonly version?: number;
  readonly alias?: string;
  readonly at: Date;
  readonly author: string;
  readonly message?: string;
}

/** A version that `prune` left alone, and why. */
export interface KeptVersion {
  readonly version: number;
  /** `latest`, an alias, or `in use`: by the caller's handles, or because `live` is there. */
  readonly reason: string;
}

/** How something is asked that nobody waits for. */
export interface AskOptions {
  /** Does not keep the program alive until there is an answer. @default false */
  readonly background?: boolean;
}

/**
 * One namespace of one registry. Every method rejects with `REGISTRY_UNREACHABLE` when the store does
 * not answer, and writes with `REGISTRY_READONLY` or `REGISTRY_FULL`; a rejected write wrote nothing.
 * A name that is not there (or was deleted) is `FUNCTION_NOT_FOUND` in the methods that change it and
 * `undefined` in those that read it. After `close` every method is `POOL_CLOSED`.
 */
export interface Registry {
  /** For messages: no password in it. */
  readonly url: string;
  readonly namespace: string;

  head(): Promise<Head>;
  changes(since: Head, o?: AskOptions): Promise<Changes>;
  /** Newest first, at most `limit` entries, of one function if `name` is given. */
  log(o: { name?: string; limit: number }): Promise<LogEntry[]>;
  /**
   * Calls `hint` soon after the namespace changed, by whomever; it may call too often, never keeps the
   * program alive, and may miss what happened while the store was away. Returns the end of it.
   */
  watch(hint: () => void): () => void;

  list(): Promise<FunctionRecord[]>;
  /** The names in `list()`, in no order; what else is stored of the functions is not looked at. */
  names(): Promise<string[]>;
  find(name: string): Promise<FunctionRecord | undefined>;
  version(name: string, version: number): Promise<VersionInfo | undefined>;
  /** Newest first; empty for an unknown name. */
  versions(name: string): Promise<VersionInfo[]>;
  /** The stored blob of an artifact; it goes with the last version that has its content. */
  artifact(digest: string): Promise<Uint8Array | undefined>;

  /**
   * Makes versions in one atomic step, all or none, and puts `latest` on them. An item whose digest is
   * what `latest` points at makes no version; if it is not live yet and `updateExisting` is set, it
   * becomes live. A push in which nothing changes leaves the epoch alone. The first version of a
   * function is live even without `updateExisting`: nobody follows an earlier one.
   *
   * @returns one version for each item, in order
   * @throws ScatterError `REGISTRY_CONFLICT` when an `expectLatest` does not hold, `REF_INVALID` for a
   *   malformed name
   */
  push(request: PushRequest): Promise<VersionInfo[]>;
  /** @throws ScatterError `VERSION_NOT_FOUND`, `REF_INVALID` for a malformed alias or `latest` */
  setAlias(name: string, alias: string, version: number, author: string): Promise<void>;
  /** Puts `latest` and `live` on an existing version. @throws ScatterError `VERSION_NOT_FOUND` */
  moveAll(name: string, version: number, author: string): Promise<void>;
  /**
   * Puts `latest` and `live` where `latest` was before its last move; repeating goes further back.
   *
   * @throws ScatterError `VERSION_NOT_FOUND` when there is nothing to go back to
   */
  rollback(name: string, author: string): Promise<VersionInfo>;
  /** Removes the function; its numbers are never given again. */
  delete(name: string, author: string): Promise<void>;
  /** Removes versions below `olderThan` but those that `live` or an alias is at or `inUse` lists. */
  prune(
    name: string,
    olderThan: number,
    inUse: readonly number[],
    author: string,
  ): Promise<{ removed: number[]; kept: KeptVersion[] }>;

  /**
   * Shows a running program to `instances()`, in place of what it said before. It is no change: the
   * epoch stays and nobody is hinted at it.
   *
   * @param ttlMs for how long, unless it is announced again
   */
  announce(report: InstanceReport, ttlMs: number, o?: AskOptions): Promise<void>;
  /** Takes an announced program away; an unknown id is fine. */
  withdraw(id: string, o?: AskOptions): Promise<void>;
  /** The programs announced and not expired, in no order. */
  instances(): Promise<InstanceReport[]>;

  /** Lets running work finish, then lets go of the store. Twice is fine. */
  close(): Promise<void>;
}
