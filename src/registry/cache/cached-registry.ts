import type { Artifact } from '../../model/artifact.ts';
import type { InstanceReport } from '../../model/instance-report.ts';
import type { VersionInfo } from '../../model/version.ts';
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
import type { CacheRecorder } from './cache-recorder.ts';
import type { CacheUpkeep, UsedVersion } from './cache-upkeep.ts';
import type { CacheWriter } from './cache-writer.ts';
import { Reach, type ReachEvents } from './reach.ts';

/** How what a program runs gets into a cache, and stays there. */
export interface CacheFilling {
  readonly recorder: CacheRecorder;
  readonly writer: CacheWriter;
  readonly upkeep: CacheUpkeep;
}

/**
 * A registry as it is, for one running program: whatever it is asked, it is known whether it answers, and
 * what the program reads to run it goes into the cache. What the cache answers is up to `LastKnown`.
 */
export class CachedRegistry implements Registry {
  readonly #registry: Registry;
  readonly #filling: CacheFilling | undefined;
  readonly #reach: Reach;
  readonly #hints = new Set<() => void>();
  readonly #doubted = new Set<string>();
  #lastHead: Head | undefined;

  constructor(registry: Registry, filling: CacheFilling | undefined, events: ReachEvents) {
    this.#registry = registry;
    this.#filling = filling;
    this.#reach = new Reach({
      onAway: (since, error) => events.onAway(since, error),
      onBack: (since) => {
        events.onBack(since);
        for (const hint of this.#hints) hint();
      },
    });
  }

  get url(): string {
    return this.#registry.url;
  }

  get namespace(): string {
    return this.#registry.namespace;
  }

  get reach(): Reach {
    return this.#reach;
  }

  /** What it answered last, when it was asked. */
  get lastHead(): Head | undefined {
    return this.#lastHead;
  }

  /**
   * What was believed of a function was not from the registry: it is among the changes from now on, until
   * it is {@link settle}d.
   */
  doubt(name: string): void {
    this.#doubted.add(name);
  }

  doubts(name: string): boolean {
    return this.#doubted.has(name);
  }

  /**
   * All who believe something of these functions have heard what the registry says.
   *
   * @param isHeard false for those of which somebody has not
   */
  settle(names: readonly string[] | 'all', isHeard: (name: string) => boolean = () => true): void {
    for (const name of names === 'all' ? [...this.#doubted] : names) {
      if (isHeard(name)) this.#doubted.delete(name);
    }
  }

  /** @param inUse what runs here: it stays in the cache */
  keep(inUse: () => Iterable<UsedVersion>): void {
    this.#filling?.upkeep.start(() => {
      return this.#lastHead && { generation: this.#lastHead.generation, versions: inUse() };
    });
  }

  /** An artifact is in use here, from wherever it came. */
  held(digest: string, artifact: Artifact): void {
    this.#filling?.recorder.heldArtifact(digest, artifact);
  }

  async head(): Promise<Head> {
    return this.#sawHead(await this.#ask(this.#registry.head()));
  }

  async changes(since: Head, o?: AskOptions): Promise<Changes> {
    const changes = await this.#ask(this.#registry.changes(since, o));
    this.#sawHead(changes.head);
    if (changes.names === 'all' || this.#doubted.size === 0) return changes;
    return { ...changes, names: [...new Set([...changes.names, ...this.#doubted])] };
  }

  log(o: { name?: string; limit: number }): Promise<LogEntry[]> {
    return this.#ask(this.#registry.log(o));
  }

  watch(hint: () => void): () => void {
    // A function of its own for each call, so that one listener may watch twice.
    const own = () => hint();
    this.#hints.add(own);
    const end = this.#registry.watch(own);
    return () => {
      this.#hints.delete(own);
      end();
    };
  }

  list(): Promise<FunctionRecord[]> {
    return this.#ask(this.#registry.list());
  }

  names(): Promise<string[]> {
    return this.#ask(this.#registry.names());
  }

  async find(name: string): Promise<FunctionRecord | undefined> {
    const record = await this.#ask(this.#registry.find(name));
    this.#filling?.recorder.function(name, record);
    return record;
  }

  async version(name: string, version: number): Promise<VersionInfo | undefined> {
    const info = await this.#ask(this.#registry.version(name, version));
    if (info !== undefined) this.#filling?.recorder.version(info);
    return info;
  }

  versions(name: string): Promise<VersionInfo[]> {
    return this.#ask(this.#registry.versions(name));
  }

  async artifact(digest: string): Promise<Uint8Array | undefined> {
    const blob = await this.#ask(this.#registry.artifact(digest));
    if (blob !== undefined) this.#filling?.recorder.artifact(digest, blob);
    return blob;
  }

  push(request: PushRequest): Promise<VersionInfo[]> {
    return this.#ask(this.#registry.push(request));
  }

  setAlias(name: string, alias: string, version: number, author: string): Promise<void> {
    return this.#ask(this.#registry.setAlias(name, alias, version, author));
  }

  moveAll(name: string, version: number, author: string): Promise<void> {
    return this.#ask(this.#registry.moveAll(name, version, author));
  }

  rollback(name: string, author: string): Promise<VersionInfo> {
    return this.#ask(this.#registry.rollback(name, author));
  }

  delete(name: string, author: string): Promise<void> {
    return this.#ask(this.#registry.delete(name, author));
  }

  prune(
    name: string,
    olderThan: number,
    inUse: readonly number[],
    author: string,
  ): Promise<{ removed: number[]; kept: KeptVersion[] }> {
    return this.#ask(this.#registry.prune(name, olderThan, inUse, author));
  }

  announce(report: InstanceReport, ttlMs: number, o?: AskOptions): Promise<void> {
    return this.#ask(this.#registry.announce(report, ttlMs, o));
  }

  withdraw(id: string, o?: AskOptions): Promise<void> {
    return this.#ask(this.#registry.withdraw(id, o));
  }

  instances(): Promise<InstanceReport[]> {
    return this.#ask(this.#registry.instances());
  }

  /** What was seen up to now is in the cache. Never rejects. */
  async flush(): Promise<void> {
    await this.#filling?.writer.flush();
  }

  async close(): Promise<void> {
    this.#filling?.upkeep.stop();
    await this.flush();
    await this.#registry.close();
  }

  #ask<T>(asked: Promise<T>): Promise<T> {
    return this.#reach.watch(asked);
  }

  #sawHead(head: Head): Head {
    this.#lastHead = head;
    this.#filling?.recorder.head(head);
    return head;
  }
}
