import { randomUUID } from 'node:crypto';
import { currentAuthor } from './author.ts';
import { type CallSettings, initialSettings } from './call-options.ts';
import { Caller } from './caller.ts';
import { checkProvided } from './capability-set.ts';
import { functionInfo } from './function-info.ts';
import { checkGetOptions, type GetOptions } from './get-options.ts';
import { LocalCalls } from './local-calls.ts';
import type { AnyFunction, UntypedFunction } from './model/function-type.ts';
import { checkAlias, checkVersion, LATEST, parseReference } from './model/reference.ts';
import type { FunctionInfo, VersionInfo } from './model/version.ts';
import { type ResolvedOptions, resolveOptions, type ScatterOptions } from './options.ts';
import { closedError } from './pool/pool-errors.ts';
import type { PoolStats } from './pool/pool-options.ts';
import { pushItem } from './push-item.ts';
import type { Handle } from './reload/handle.ts';
import { Runtime } from './runtime.ts';
import { createScatterFunction } from './scatter-function.ts';
import type { ScatterFunction } from './scatter-function-type.ts';
import {
  checkPushOptions,
  createTracked,
  openOnce,
  type PushOptions,
  stateOf,
  type Tracked,
  type TrackedHost,
  type TrackedLike,
  type TrackedState,
  type TrackOptions,
  trackedState,
} from './tracked.ts';

// Assigned once by the class, which alone can read its private field.
let hostOf: (scatter: Scatter) => TrackedHost;

/** An independent instance; it connects and starts its executor on first use. */
export function createScatter(options: ScatterOptions = {}): Scatter {
  return new Scatter(options);
}

/** What functions tracked by the default instance work with. */
export function trackedHostOf(scatter: Scatter): TrackedHost {
  return hostOf(scatter);
}

/** One connection to one namespace of a registry, with the executor that runs its functions. */
export class Scatter implements AsyncDisposable {
  static {
    hostOf = (scatter) => scatter.#host;
  }

  readonly #options: ResolvedOptions;
  readonly #local: LocalCalls;
  readonly #author = currentAuthor();
  readonly #host: TrackedHost = {
    push: (states, options) => this.#push(states, options),
    open: (state) => this.#openTracked(state),
  };
  #opening: Promise<{ runtime: Runtime; caller: Caller }> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ScatterOptions = {}) {
    this.#options = resolveOptions(options);
    this.#local = new LocalCalls(this.#options);
  }

  get url(): string {
    return this.#options.url;
  }

  get namespace(): string {
    return this.#options.namespace;
  }

  /**
   * Connects now and loads what `preload` names.
   *
   * @throws ScatterError `CONFIG_INVALID`, `REGISTRY_UNREACHABLE`, `FUNCTION_NOT_FOUND`
   */
  async connect(): Promise<this> {
    await this.#open();
    await Promise.all(this.#options.preload.map((name) => this.get(name)));
    return this;
  }

  /**
   * Makes `fn` something that can be pushed. It stays callable as before, here and synchronously.
   *
   * @throws ScatterError `CONFIG_INVALID` for a function without a name, `REF_INVALID` for a bad one
   */
  track<F extends AnyFunction>(fn: F, options: TrackOptions = {}): Tracked<F> {
    const tracked = createTracked(fn, options, this.#host);
    const state = trackedState(tracked);
    if (state !== undefined) this.#local.track(state);
    return tracked;
  }

  /**
   * Puts functions into the registry, all in one atomic step. One that is there unchanged makes no new
   * version.
   *
   * @returns one version for each, in order
   * @throws ScatterError `CAPTURE_UNSUPPORTED`, `REGISTRY_CONFLICT`, `REGISTRY_*`
   */
  async push(tracked: readonly TrackedLike[], options: PushOptions = {}): Promise<VersionInfo[]> {
    return this.#push(tracked.map(stateOf), options);
  }

  async #push(states: readonly TrackedState[], options: PushOptions): Promise<VersionInfo[]> {
    checkPushOptions(options);
    const { updateExisting = true, message, expectLatest } = options;
    // All are looked at before anything is waited for: they are pushed as they were at this call.
    const items = await Promise.all(states.map((state) => pushItem(state, expectLatest)));
    for (const [index, state] of states.entries()) {
      this.#local.pushed(state, items[index]?.digest ?? '');
    }
    const { runtime } = await this.#open();
    const infos = await runtime.registry.push({
      id: randomUUID(),
      items,
      updateExisting,
      author: this.#author,
      ...(message !== undefined && { message }),
    });
    await runtime.catchUp();
    await Promise.all(states.map((state) => this.#follow(state)));
    return infos;
  }

  /**
   * A handle of a function: by name, `name@3`, `name@stable`, or of a tracked one.
   *
   * @throws ScatterError `REF_INVALID`, `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND`,
   * `CAPABILITY_MISSING`, and what loading gives
   */
  get<F extends AnyFunction = UntypedFunction>(
    reference: string,
    options?: GetOptions,
  ): Promise<ScatterFunction<F>>;
  get<F extends AnyFunction>(
    tracked: Tracked<F>,
    options?: GetOptions,
  ): Promise<ScatterFunction<F>>;
  async get<F extends AnyFunction>(
    reference: string | Tracked<F>,
    options: GetOptions = {},
  ): Promise<ScatterFunction<F>> {
    checkGetOptions(options);
    const { runtime } = await this.#open();
    const state = typeof reference === 'string' ? undefined : stateOf(reference);
    if (state !== undefined) this.#local.track(state);
    const parsed = parseReference(state?.name ?? String(reference));
    const settings = initialSettings(this.#options, options, state?.declared.provided);
    const { memoryMb, cpuMs } = settings.limits;
    const handle = await runtime.openHandle(parsed, {
      autoUpdate: options.autoUpdate ?? this.#options.autoUpdate,
      warm: { memoryMb, cpuMs },
      admit: (target) => checkProvided(target, settings.capabilities),
    });
    if (options.trusted === true) await this.#local.prepareSync(handle.loaded);
    return this.#facade(handle, settings, options.trusted);
  }

  async list(): Promise<FunctionInfo[]> {
    const { runtime } = await this.#open();
    return (await runtime.registry.list()).map(functionInfo);
  }

  /** @throws ScatterError `REF_INVALID`, `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND` */
  async setAlias(name: string, alias: string, version: number): Promise<void> {
    checkAlias(alias);
    checkVersion(version, name);
    const { runtime } = await this.#open();
    await runtime.registry.setAlias(name, alias, version, this.#author);
    await runtime.catchUp();
  }

  /** What the pool is doing; undefined before the first use. */
  async stats(): Promise<PoolStats> {
    const { runtime } = await this.#open();
    return runtime.pool.stats();
  }

  /** Running calls finish, then everything stops. Twice is fine. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The handle of a tracked function; what another instance opened for it stays with that one. */
  #openTracked(state: TrackedState): Promise<ScatterFunction> {
    return openOnce(state, this, async () => {
      const { runtime } = await this.#open();
      const { autoUpdate } = this.#options;
      const reference = { name: state.name, alias: LATEST };
      // Loaded when it is called first: a program may push what it cannot run.
      const choices = { autoUpdate, warm: undefined, admit: () => undefined };
      const handle = await runtime.openHandle(reference, choices);
      return this.#facade(handle, initialSettings(this.#options, {}, state.declared.provided));
    });
  }

  async #follow(state: TrackedState): Promise<void> {
    const handle = await this.#openTracked(state);
    // What was just pushed from here is what the tracked function stands for.
    if (!handle.pinned) await handle.pull();
  }

  async #facade<F extends AnyFunction>(
    handle: Handle,
    settings: CallSettings,
    trusted = false,
  ): Promise<ScatterFunction<F>> {
    const { runtime, caller } = await this.#open();
    return createScatterFunction<F>({
      runtime,
      handle,
      settings,
      author: this.#author,
      call: (args, given) =>
        this.#local.call(handle, args, given) ?? caller.call(handle, args, given),
      callSync: (args, given) => this.#local.callSync(handle, args, given, trusted),
    });
  }

  #open(): Promise<{ runtime: Runtime; caller: Caller }> {
    if (this.#closing !== undefined) return Promise.reject(closedError());
    this.#opening ??= Runtime.open(this.#options).then((runtime) => ({
      runtime,
      caller: new Caller(runtime, this.#options.logger),
    }));
    // A registry that could not be reached may be there at the next try.
    this.#opening.catch(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #close(): Promise<void> {
    const [opened] = await Promise.allSettled([this.#opening]);
    if (opened?.status === 'fulfilled') await opened.value?.runtime.close();
    this.#local.close();
  }
}
