import type { ScatterError } from './errors.ts';
import type { Execution } from './execution.ts';
import type { Logger } from './logger.ts';
import type { GuestFunction } from './model/guest-function.ts';
import type { InstanceReport } from './model/instance-report.ts';
import type { Reference } from './model/reference.ts';
import type { ResolvedOptions } from './options.ts';
import type { Pool } from './pool/pool.ts';
import type { CachedRegistry } from './registry/cache/cached-registry.ts';
import type { LastKnown } from './registry/cache/last-known.ts';
import { type OpenedCache, openCache } from './registry/cache/open-cached.ts';
import { held } from './registry/held.ts';
import { functionNotFound, missingFunction } from './registry/not-found.ts';
import { openRegistry } from './registry/open.ts';
import {
  type Changes,
  type FunctionRecord,
  hasLostWrites,
  type Registry,
} from './registry/registry.ts';
import { RegistryNews, type RegistryState } from './registry-state.ts';
import { ChangeFeed } from './reload/change-feed.ts';
import { FunctionLoader } from './reload/function-loader.ts';
import { Handle } from './reload/handle.ts';
import type { HandleHost, HandleOptions, LoadLimits } from './reload/handle-host.ts';
import { HandleSet } from './reload/handle-set.ts';
import type { Leases } from './reload/leases.ts';
import { Presence } from './reload/presence.ts';
import { reportedFunctions } from './reload/reported-functions.ts';
import { thisProgram } from './this-program.ts';

/** What an instance has once it is connected: a registry, and the handles that follow it. */
export class Runtime implements HandleHost {
  readonly registry: Registry;
  readonly loader: FunctionLoader;
  readonly #cached: CachedRegistry;
  readonly #known: LastKnown;
  readonly #execution: Execution;
  readonly #feed: ChangeFeed;
  readonly #presence: Presence;
  readonly #program = thisProgram();
  readonly #handles = new HandleSet();
  #losses = 0;
  readonly #logger: Logger;

  private constructor(
    options: ResolvedOptions,
    execution: Execution,
    { registry, known }: OpenedCache,
    o: { readonly feedFrom: Changes['head']; readonly news: RegistryNews },
  ) {
    this.registry = this.#cached = registry;
    this.#known = known;
    this.#execution = execution;
    this.#logger = options.logger;
    this.loader = new FunctionLoader(known);
    this.#feed = new ChangeFeed(registry, o.feedFrom, {
      onChanges: (changes, lost) => this.#apply(changes, lost),
      onError: (error) => o.news.onUnreadable(error),
    });
    this.#feed.start();
    this.#presence = new Presence(registry, () => this.#report(), {
      isShown: options.announce,
      onRefused: (error) => o.news.onUnshown(error),
    });
    this.#presence.announce();
    registry.keep(() => [...this.#handles].map(({ loaded }) => loaded));
  }

  /**
   * Connects, or begins with what is cached if the registry is away.
   *
   * @throws ScatterError `CONFIG_INVALID`, `REGISTRY_UNREACHABLE` if nothing is cached
   */
  static async open(
    options: ResolvedOptions,
    execution: Execution,
    open: typeof openRegistry = openRegistry,
  ): Promise<Runtime> {
    const registry = await open(options.url, options.namespace, {
      redis: options.redis,
      onWarning: (message) => options.logger.warn({}, message),
    });
    try {
      const news = new RegistryNews(options.logger, options.cache);
      const opened = await openCache(registry, options.cache, news);
      const feedFrom = await opened.known.head();
      const runtime = new Runtime(options, execution, opened, { feedFrom, news });
      news.start();
      return runtime;
    } catch (error) {
      await registry.close();
      throw error;
    }
  }

  get pool(): Pool {
    return this.#execution.pool;
  }

  get leases(): Leases {
    return this.#execution.leases;
  }

  /** A handle of its own, which follows until it is released. */
  async openHandle(reference: Reference, options: HandleOptions): Promise<Handle> {
    const { name } = reference;
    const losses = this.#losses;
    const handle = await this.#handles.open(name, () => Handle.open(this, reference, options));
    this.#presence.changed();
    // What changed while it was being loaded was told to nobody.
    try {
      await handle.follow(async () => ({
        record: await this.lastKnown(name),
        lost: this.#losses !== losses || this.#cached.doubts(name),
      }));
    } catch (error) {
      this.release(handle);
      throw error;
    }
    return handle;
  }

  release(handle: Handle): void {
    this.#handles.delete(handle);
    handle.release();
    this.#presence.changed();
  }

  /** Versions of a function that handles here run. */
  versionsInUse(name: string): number[] {
    return this.#handles.of(name).map((handle) => handle.loaded.version);
  }

  /** Resolves when the handles here serve what is in the registry now. */
  catchUp(): Promise<void> {
    return this.#feed.catchUp();
  }

  warm(
    next: GuestFunction,
    previous: GuestFunction | undefined,
    limits: LoadLimits,
  ): Promise<void> {
    return this.#execution.warm(next, previous, limits);
  }

  async functionNotFound(name: string, brief = false): Promise<ScatterError> {
    return brief ? functionNotFound(name, this.registry) : missingFunction(name, this.registry);
  }

  async find(name: string): Promise<FunctionRecord | undefined> {
    // Both are sent at once, and no server is lost between them.
    const [record, head] = await Promise.all([this.registry.find(name), this.registry.head()]);
    this.#feed.saw(head);
    return record;
  }

  lastKnown(name: string): Promise<FunctionRecord | undefined> {
    const known = this.#known.find(name);
    // It is not waited for: a registry that is away would take its time.
    if (this.cacheSince === undefined) {
      this.registry.head().then(
        (head) => this.#feed.saw(head),
        () => undefined,
      );
    }
    return known;
  }

  get registryState(): RegistryState {
    const { generation, epoch } = this.#feed.head;
    const { url } = this.registry;
    const { cacheSince } = this;
    const reachable = cacheSince === undefined;
    return { url, reachable, ...(cacheSince && { cacheSince }), generation, epoch };
  }

  /** Since when the registry has not answered; undefined while it does. */
  get cacheSince(): Date | undefined {
    return this.#cached.reach.awaySince;
  }

  moved(): void {
    this.#presence.changed();
  }

  /** Resolves when the fleet sees this instance as it is now, or the registry does not take it. */
  announce(): Promise<void> {
    return held(this.#presence.announce());
  }

  /** Running calls finish, then everything stops. */
  close(): Promise<void> {
    // What is asked in the background keeps no program alive, and it is waited for here.
    return held(this.#close());
  }

  async #close(): Promise<void> {
    // What follows no more must not be waited for, although its calls may take a while to end.
    await Promise.all([this.#feed.stop(), this.#presence.close()]);
    await this.#execution.close();
    for (const handle of this.#handles) handle.release();
    await this.registry.close();
  }

  async #apply({ names, head }: Changes, lost: boolean): Promise<void> {
    if (lost) this.#losses += 1;
    const unsure = names === 'all';
    const gone = new Set<string>();
    await this.#handles.follow(names, async (name) => {
      const record = await this.find(name);
      if (record === undefined) gone.add(name);
      // It may be missing because it was lost after the changes were read: the next look tells of that.
      if (record === undefined) return { record, lost: lost || (await this.#hasLost(head)) };
      // What a cache knew and the registry does not have was deleted; its versions may have been others.
      return { record, lost: lost || this.#cached.doubts(name), unsure };
    });
    // Who is being opened may believe the cache still.
    this.#cached.settle(names, (name) => !this.#handles.isOpening(name));
    if (lost) this.#tellLoss([...gone]);
    this.#presence.changed();
  }

  async #hasLost(since: Changes['head']): Promise<boolean> {
    return hasLostWrites(since, await this.registry.changes(since));
  }

  #tellLoss(gone: readonly string[]): void {
    const { url, namespace } = this.registry;
    const rest =
      gone.length === 0
        ? ''
        : `; what is not in it any more runs on, push it again: ${gone.join(', ')}`;
    const message = `the registry lost writes that were served here; functions are at what it has now${rest}`;
    this.#logger.warn({ url, namespace }, message);
  }

  #report(): InstanceReport {
    const { head } = this.#feed;
    const { cacheSince } = this;
    const functions = reportedFunctions([...this.#handles]);
    return { ...this.#program, ...head, ...(cacheSince && { cacheSince }), functions };
  }
}
