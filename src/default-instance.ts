import { isDeepStrictEqual } from 'node:util';
import type { SourceText } from './capture/index.ts';
import { ScatterError } from './errors.ts';
import type { StatusOptions } from './fleet.ts';
import type { GetOptions } from './get-options.ts';
import { isSameCapability } from './model/capability.ts';
import type { FleetStatus } from './model/fleet-status.ts';
import type { AnyFunction, UntypedFunction } from './model/function-type.ts';
import type { FunctionInfo, VersionInfo } from './model/version.ts';
import type { ScatterOptions } from './options.ts';
import { Scatter, trackedHostOf } from './scatter.ts';
import type { ScatterFunction } from './scatter-function-type.ts';
import type { LoadOptions, PushSourceOptions } from './source-options.ts';
import type { TrackOptions } from './track-options.ts';
import { createTracked, type PushOptions, type Tracked, type TrackedLike } from './tracked.ts';

// The one piece of module-level state: what init() sets up and the functions below use.
let current: { scatter: Scatter; options: ScatterOptions } | undefined;

/**
 * Sets up the default instance and connects it. Calling it again with the same options is fine.
 *
 * @throws ScatterError `CONFIG_INVALID` for wrong options, or others than it was set up with;
 * `REGISTRY_UNREACHABLE`; `FUNCTION_NOT_FOUND` for a name in `preload`
 */
export async function init(options: ScatterOptions = {}): Promise<Scatter> {
  if (current !== undefined && !isSame(current.options, options)) {
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      'the default instance is in use with other options; call init() before everything else, ' +
        'cleanup() in between, or use createScatter()',
    );
  }
  current ??= { scatter: new Scatter(options), options };
  return current.scatter.connect();
}

/** Stops the default instance; after that it can be set up afresh. Twice is fine. */
export async function cleanup(): Promise<void> {
  const stopped = current;
  current = undefined;
  await stopped?.scatter.close();
}

/** {@link Scatter.track} on the default instance; works before `init()`. */
export function track<F extends AnyFunction>(fn: F, options: TrackOptions = {}): Tracked<F> {
  return createTracked(fn, options, {
    push: (states, given) => trackedHostOf(instance()).push(states, given),
    open: (state) => trackedHostOf(instance()).open(state),
  });
}

/** {@link Scatter.push} on the default instance. */
export function push(
  tracked: readonly TrackedLike[],
  options: PushOptions = {},
): Promise<VersionInfo[]> {
  return instance().push(tracked, options);
}

/** {@link Scatter.pushSource} on the default instance. */
export function pushSource(
  name: string,
  source: SourceText,
  options: PushSourceOptions = {},
): Promise<VersionInfo> {
  return instance().pushSource(name, source, options);
}

/** {@link Scatter.load} on the default instance. */
export function load<F extends AnyFunction = UntypedFunction>(
  source: SourceText,
  options: LoadOptions = {},
): Promise<ScatterFunction<F>> {
  return instance().load<F>(source, options);
}

/** {@link Scatter.get} on the default instance. */
export function get<F extends AnyFunction = UntypedFunction>(
  reference: string,
  options?: GetOptions,
): Promise<ScatterFunction<F>>;
export function get<F extends AnyFunction>(
  tracked: Tracked<F>,
  options?: GetOptions,
): Promise<ScatterFunction<F>>;
export function get<F extends AnyFunction>(
  reference: string | Tracked<F>,
  options?: GetOptions,
): Promise<ScatterFunction<F>> {
  return typeof reference === 'string'
    ? instance().get<F>(reference, options)
    : instance().get(reference, options);
}

/** {@link Scatter.list} on the default instance. */
export function list(): Promise<FunctionInfo[]> {
  return instance().list();
}

/** {@link Scatter.setAlias} on the default instance. */
export function setAlias(name: string, alias: string, version: number): Promise<void> {
  return instance().setAlias(name, alias, version);
}

/** {@link Scatter.status} on the default instance. */
export function status(options: StatusOptions = {}): Promise<FleetStatus> {
  return instance().status(options);
}

function instance(): Scatter {
  current ??= { scatter: new Scatter(), options: {} };
  return current.scatter;
}

function isSame(one: ScatterOptions, other: ScatterOptions): boolean {
  const { capabilities: given = [], ...rest } = one;
  const { capabilities: others = [], ...otherRest } = other;
  if (!Array.isArray(others) || given.length !== others.length) return false;
  const same = given.every((capability, index) => isSameCapability(capability, others[index]));
  return same && isDeepStrictEqual(rest, otherRest);
}
