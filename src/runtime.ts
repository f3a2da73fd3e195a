import type { ScatterError } from './errors.ts';
import type { GuestFunction } from './model/guest-function.ts';
import type { Reference } from './model/reference.ts';
import type { ResolvedOptions } from './options.ts';
import { Pool } from './pool/pool.ts';
import { functionNotFound } from './registry/not-found.ts';
import { openRegistry } from './registry/open.ts';
import type { Changes, Registry } from './registry/registry.ts';
import { ChangeFeed } from './reload/change-feed.ts';
import { FunctionLoader } from './reload/function-loader.ts';
import { Handle, type HandleHost, type HandleOptions, type LoadLimits } from './reload/handle.ts';
import { Leases } from './reload/leases.ts';

/** What an instance has once it is connected: registry, pool, and the handles that follow. */
export class Runtime implements HandleHost {
  readonly registry: Registry;
  readonly pool: Pool;
  readonly loader: FunctionLoader;
  readonly leases: Leases;
  readonly #options: ResolvedOptions;
  readonly #feed: ChangeFeed;
  readonly #handles = new Map<string, Set<Handle>>();

  private constructor(options: ResolvedOptions, registry: Registry, feedFrom: Changes['head']) {
    const { pool, env, limits, logger } = options;
    this.#options = options;
    this.registry = registry;
    this.pool = new Pool({ ...pool, env, blankMemoryMb: limits.memoryMb });
    this.loader = new FunctionLoader(registry);
    this.leases = new Leases({
      onUsed: (target) => this.pool.keep(target),
      onUnused: (target) => this.pool.retire(target),
    });
    this.#feed = new ChangeFeed(registry, feedFrom, {
      onChanges: (names) => this.#apply(names),
      onError: (error) => logger.warn({ err: error }, 'cannot read changes; trying again'),
    });
    this.#feed.start();
  }

  /** Connects. @throws ScatterError `CONFIG_INVALID`, `REGISTRY_UNREACHABLE` */
  static async open(options: ResolvedOptions): Promise<Runtime> {
    const registry = await openRegistry(options.url, options.namespace);
    return new Runtime(options, registry, await registry.head());
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

  async warm(
    next: GuestFunction,
    previous: GuestFunction | undefined,
    limits: LoadLimits,
  ): Promise<void> {
    if (this.#options.isolation === 'none') return;
    const use = { target: next, partition: '', ...limits };
    if (previous === undefined) await this.pool.prepare(use);
    else await this.pool.prepareBeside(next, previous, use);
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
    await this.pool.close();
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
