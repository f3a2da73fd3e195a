import { currentAuthor } from './author.ts';
import { initialSettings } from './call-options.ts';
import { checkProvided } from './capability-set.ts';
import type { SourceText } from './capture/index.ts';
import { Execution } from './execution.ts';
import { Facades } from './facades.ts';
import { checkStatusOptions, readFleet, type StatusOptions } from './fleet.ts';
import { functionInfo } from './function-info.ts';
import { checkGetOptions, type GetOptions } from './get-options.ts';
import { LocalCalls } from './local-calls.ts';
import type { FleetStatus } from './model/fleet-status.ts';
import type { AnyFunction, UntypedFunction } from './model/function-type.ts';
import { checkAlias, checkVersion, parseReference } from './model/reference.ts';
import type { FunctionInfo, VersionInfo } from './model/version.ts';
import { type ResolvedOptions, resolveOptions, type ScatterOptions } from './options.ts';
import { closedError } from './pool/pool-errors.ts';
import { pushItems } from './push-items.ts';
import { shownUrl } from './registry/open.ts';
import { Runtime } from './runtime.ts';
import type { ScatterFunction } from './scatter-function-type.ts';
import { type ScatterStats, scatterStats } from './scatter-stats.ts';
import { loadSource, prepareSource } from './source-functions.ts';
import { type LoadOptions, loadSettings, type PushSourceOptions } from './source-options.ts';
import type { TrackOptions } from './track-options.ts';
import {
  createTracked,
  type PushOptions,
  stateOf,
  type Tracked,
  type TrackedHost,
  type TrackedLike,
  trackedState,
} from './tracked.ts';
import { TrackedFunctions } from './tracked-functions.ts';

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
    hostOf = (scatter) => scatter.#tracked;
  }

  readonly #options: ResolvedOptions;
  readonly #local: LocalCalls;
  readonly #execution: Execution;
  readonly #facades: Facades;
  readonly #author = currentAuthor();
  readonly #tracked: TrackedFunctions;
  #opening: Promise<Runtime> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ScatterOptions = {}) {
    this.#options = resolveOptions(options);
    this.#local = new LocalCalls(this.#options);
    this.#execution = new Execution(this.#options);
    this.#facades = new Facades(this.#options, this.#local, {
      pool: this.#execution.pool,
      connect: () => this.#open(),
    });
    this.#tracked = new TrackedFunctions({
      local: this.#local,
      facades: this.#facades,
      author: this.#author,
      connect: () => this.#open(),
    });
  }

  /** Without user and password. */
  get url(): string {
    return shownUrl(this.#options.url, this.#options.redis);
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
    const tracked = createTracked(fn, options, this.#tracked);
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
    return this.#tracked.push(tracked.map(stateOf), options);
  }

  /**
   * Puts code that comes as text into the registry. It is checked here and never evaluated.
   *
   * @throws ScatterError `SOURCE_INVALID` with `file`, `line` and `column`; `REGISTRY_*`
   */
  async pushSource(
    name: string,
    source: SourceText,
    options: PushSourceOptions = {},
  ): Promise<VersionInfo> {
    const { item } = await prepareSource(name, source, options);
    const runtime = await this.#open();
    const [info] = await pushItems(runtime, [item], options, this.#author);
    return info as VersionInfo;
  }

  /**
   * A handle of code that comes as text, without a registry: its version is 0. It is never evaluated in
   * this process.
   *
   * @throws ScatterError `SOURCE_INVALID` with `file`, `line` and `column`, `CAPABILITY_MISSING`, and
   * what loading gives
   */
  async load<F extends AnyFunction = UntypedFunction>(
    source: SourceText,
    options: LoadOptions = {},
  ): Promise<ScatterFunction<F>> {
    const settings = loadSettings(this.#options, options);
    const handle = await loadSource(source, options, this.#execution, settings);
    if (options.trusted === true) await this.#local.prepareSync(handle.loaded);
    return this.#facades.loaded(handle, settings, options.trusted);
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
    const runtime = await this.#open();
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
    return this.#facades.registered(runtime, handle, settings, options.trusted);
  }

  async list(): Promise<FunctionInfo[]> {
    const runtime = await this.#open();
    return (await runtime.registry.list()).map(functionInfo);
  }

  /** @throws ScatterError `REF_INVALID`, `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND` */
  async setAlias(name: string, alias: string, version: number): Promise<void> {
    checkAlias(alias);
    checkVersion(version, name);
    const runtime = await this.#open();
    await runtime.registry.setAlias(name, alias, version, this.#author);
    await runtime.catchUp();
  }

  /**
   * Which programs share the registry and what they run; with `wait`, once all have applied what the
   * registry has now. They tell of themselves, so what is shown may be a moment old.
   *
   * @throws ScatterError `FLEET_BEHIND` when `timeoutMs` have passed, `ABORTED`, `REGISTRY_UNREACHABLE`
   */
  async status(options: StatusOptions = {}): Promise<FleetStatus> {
    checkStatusOptions(options);
    const runtime = await this.#open();
    await runtime.announce();
    return readFleet(runtime.registry, options);
  }

  /** What the pool is doing, and whether the registry answers. */
  async stats(): Promise<ScatterStats> {
    if (this.#closing !== undefined) throw closedError();
    return scatterStats(this.#execution.pool, this.#opening);
  }

  /** Running calls finish, then everything stops. Twice is fine. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(): Promise<Runtime> {
    if (this.#closing !== undefined) return Promise.reject(closedError());
    this.#opening ??= Runtime.open(this.#options, this.#execution);
    // A registry that could not be reached may be there at the next try.
    this.#opening.catch(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #close(): Promise<void> {
    const [opened] = await Promise.allSettled([this.#opening]);
    if (opened?.status === 'fulfilled') await opened.value?.close();
    await this.#execution.close();
    this.#local.close();
  }
}
