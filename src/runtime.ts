import type { ScatterError } from './errors.ts';
import type { Execution } from './execution.ts';
import type { GuestFunction } from './model/guest-function.ts';
import type { Reference } from './model/reference.ts';
import type { ResolvedOptions } from './options.ts';
import type { Pool } from './pool/pool.ts';
import { functionNotFound } from './registry/not-found.ts';
import { openRegistry } from './registry/open.ts';
import type { Changes, Registry } from './registry/registry.ts';
import { ChangeFeed } from './reload/change-feed.ts';
import { FunctionLoader } from './reload/function-loader.ts';
import { Handle, type HandleHost, type HandleOptions, type LoadLimits } from './reload/handle.ts';
import type { Leases } from './reload/leases.ts';

/** What an instance has once it is connected: a registry, and the handles that follow it. */
export class Runtime implements HandleHost {
  readonly registry: Registry;
  readonly loader: FunctionLoader;
  readonly #execution: Execution;
  readonly #feed: ChangeFeed;
  readonly #handles = new Map<string, Set<Handle>>();

  private constructor(
    options: ResolvedOptions,
    execution: Execution,
    registry: Registry,
    feedFrom: Changes['head'],
  ) {
    this.registry = registry;
    this.#execution = execution;
    this.loader = new FunctionLoader(registry);
    this.#feed = new ChangeFeed(registry, feedFrom, {
      onChanges: (names) => this.#apply(names),
      onError: (error) => options.logger.warn({ err: error }, 'cannot read changes; trying again'),
    });
    this.#feed.start();
  }

  /** Connects. @throws ScatterError `CONFIG_INVALID`, `REGISTRY_UNREACHABLE` */
  static async open(options: ResolvedOptions, execution: Execution): Promise<Runtime> {
    const registry = await openRegistry(options.url, options.namespace);
    return new Runtime(options, execution, registry, await registry.head());
  }

  get pool(): Pool {
    return this.#execution.pool;
  }

  get leases(): Leases {
    return this.#execution.leases;
  }

  /** A handle of its own, which follows until it is released. */
  async openHandle(reference: Reference, options: HandleOptions): Promise<Handle> {
    const handle = await Handle.open(this, reference, options);
    const same = this.#handles.get(handle.name) ?? new Set();
    this.#handles.set(handle.name, same.add(handle));
    // What changed while it was being loaded was told to nobody.
    try {
      await handle.follow(await this.registry.find(handle.name));
    } catch (error) {
      this.release(handle);
      throw error;
    }
    return handle;
  }

  release(handle: Handle): void {
    const same = this.#handles.get(handle.name);
    same?.delete(handle);
    if (same?.size === 0) this.#handles.delete(handle.name);
    handle.release();
  }

  /** Versions of a function that handles here run. */
  versionsInUse(name: string): number[] {
    return [...(this.#handles.get(name) ?? [])].map((handle) => handle.loaded.version);
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

  async functionNotFound(name: string): Promise<ScatterError> {
    const records = await this.registry.list();
    return functionNotFound(
      name,
      this.registry,
      records.map((record) => record.name),
    );
  }

  async close(): Promise<void> {
    await this.#feed.stop();
    await this.#execution.close();
    for (const handles of this.#handles.values()) for (const handle of handles) handle.release();
    await this.registry.close();
  }

  async #apply(names: Changes['names']): Promise<void> {
    const changed = names === 'all' ? [...this.#handles.keys()] : names;
    await Promise.all(
      changed.map(async (name) => {
        const handles = this.#handles.get(name);
        if (handles === undefined) return;
        const record = await this.registry.find(name);
        await Promise.all([...handles].map((handle) => handle.follow(record)));
      }),
    );
  }
}
