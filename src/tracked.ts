import { inspect } from 'node:util';
import { type CaptureOptions, capture, type Survey, survey } from './capture/index.ts';
import {
  type DeclaredCapabilities,
  declareCapabilities,
  recogniseCapability,
} from './declared-capabilities.ts';
import { ScatterError } from './errors.ts';
import type { Artifact } from './model/artifact.ts';
import { checkFunctionName } from './model/function-name.ts';
import type { AnyFunction, UntypedFunction } from './model/function-type.ts';
import type { VersionInfo } from './model/version.ts';
import { checkOptionNames } from './option-names.ts';
import { referenceOf } from './scatter-function.ts';
import type { ScatterFunction } from './scatter-function-type.ts';
import { checkTrackOptions, type TrackOptions } from './track-options.ts';

export interface PushOptions {
  /** Whether handles that follow go to the new version. @default true */
  readonly updateExisting?: boolean;
  /** For the log. */
  readonly message?: string;
  /** The push is done only if `latest` is this version (0: only if there is none). */
  readonly expectLatest?: number;
}

/** The part of {@link Tracked} that is the same as of a handle. */
type HandlePart<F extends AnyFunction> = Omit<ScatterFunction<F>, 'version' | 'digest' | 'name'>;

/**
 * A function as it was, still called directly and synchronously, plus what the registry knows of it.
 * Before the first push, `version` and `digest` are undefined, and `source` is that of the code here.
 */
export type Tracked<F extends AnyFunction = UntypedFunction> = F &
  HandlePart<F> & {
    readonly name: string;
    readonly version: number | undefined;
    readonly digest: string | undefined;
    /** Puts the code as it is now into the registry. */
    push(options?: PushOptions): Promise<VersionInfo>;
  };

/** A tracked function of whatever type. */
export type TrackedLike = Pick<Tracked, 'push' | 'name'>;

/** What stands behind a tracked function. */
export interface TrackedState {
  readonly name: string;
  readonly fn: AnyFunction;
  readonly declared: DeclaredCapabilities;
  /** How its values are captured. */
  readonly capturing: Pick<CaptureOptions, 'values' | 'allowCaptured' | 'maxBytes'>;
  /** The handle of its function, once it was pushed or asked for. */
  handle: ScatterFunction | undefined;
  /** The same while it is being opened, and the instance that opened it. */
  opened: { readonly by: object; readonly handle: Promise<ScatterFunction> } | undefined;
}

/** What the methods of a tracked function need of their instance. */
export interface TrackedHost {
  push(states: readonly TrackedState[], options: PushOptions): Promise<VersionInfo[]>;
  /** The handle of the function, the same until it is released. */
  open(state: TrackedState): Promise<ScatterFunction>;
}

type Recognise = NonNullable<CaptureOptions['recognise']>;

const PUSH_OPTIONS = ['updateExisting', 'message', 'expectLatest'];
const states = new WeakMap<object, TrackedState>();

export function trackedState(value: unknown): TrackedState | undefined {
  return typeof value === 'function' ? states.get(value) : undefined;
}

/** @throws ScatterError `CONFIG_INVALID` for what is not tracked */
export function stateOf(tracked: unknown): TrackedState {
  const state = trackedState(tracked);
  if (state !== undefined) return state;
  throw new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `${inspect(tracked, { depth: 0 })} is not tracked; track() it first, or name it by a string`,
  );
}

/** Opens the handle of a tracked function, once for each instance in a row that asks. */
export async function openOnce(
  state: TrackedState,
  by: object,
  open: () => Promise<ScatterFunction>,
): Promise<ScatterFunction> {
  if (state.opened?.by !== by) state.opened = { by, handle: open() };
  const { opened } = state;
  try {
    const handle = await opened.handle;
    if (state.opened === opened) state.handle = handle;
    return handle;
  } catch (error) {
    // What was not pushed yet may be pushed later.
    if (state.opened === opened) state.opened = undefined;
    throw error;
  }
}

/** @throws ScatterError `CONFIG_INVALID` */
export function checkPushOptions(options: PushOptions): void {
  checkOptionNames('push({ * })', options, PUSH_OPTIONS);
}

/** The artifact of a tracked function as it is at this call. @throws ScatterError `CAPTURE_UNSUPPORTED` */
export function captureTracked(state: TrackedState): Promise<Artifact> {
  return capture(state.fn, captureOptionsOf(state));
}

function surveyTracked(state: TrackedState): Survey {
  return survey(state.fn, captureOptionsOf(state));
}

/** Wraps `fn`. @throws ScatterError `CONFIG_INVALID` without a name, `REF_INVALID` for a bad one */
export function createTracked<F extends AnyFunction>(
  fn: F,
  options: TrackOptions,
  host: TrackedHost,
): Tracked<F> {
  checkTrackOptions(options);
  const name = nameFor(fn, options);
  const declared = declareCapabilities(options.capabilities ?? []);
  const { values = 'link', allowCaptured = [], maxBytes } = options;
  const capturing = { values, allowCaptured, ...(maxBytes !== undefined && { maxBytes }) };
  const state: TrackedState = {
    name,
    fn,
    declared,
    capturing,
    handle: undefined,
    opened: undefined,
  };
  const tracked = function (this: unknown, ...args: never[]): unknown {
    return Reflect.apply(fn, this, args);
  };
  states.set(tracked, state);
  Object.defineProperties(tracked, {
    ...Object.getOwnPropertyDescriptors(membersOf(state, host)),
    name: { value: state.name, configurable: true },
    length: { value: fn.length, configurable: true },
  });
  return tracked as unknown as Tracked<F>;
}

function nameFor(fn: AnyFunction, options: TrackOptions): string {
  if (typeof fn !== 'function') {
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `track() takes a function and was given ${String(fn)}`,
    );
  }
  const name = options.name ?? fn.name;
  if (name !== '') return checkFunctionName(name);
  throw new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    "the function has no name; give it one: track(fn, { name: 'price' })",
  );
}

function membersOf(state: TrackedState, host: TrackedHost): object {
  const open = (): Promise<ScatterFunction> => host.open(state);
  return {
    get version(): number | undefined {
      return state.handle?.version;
    },
    get latestVersion(): number | undefined {
      return state.handle?.latestVersion;
    },
    get pinned(): boolean {
      return state.handle?.pinned ?? false;
    },
    get source(): string {
      return state.handle?.source ?? surveyTracked(state).source;
    },
    get digest(): string | undefined {
      return state.handle?.digest;
    },
    get requires(): readonly string[] {
      return state.handle?.requires ?? surveyTracked(state).requires;
    },
    async push(options: PushOptions = {}): Promise<VersionInfo | undefined> {
      const [info] = await host.push([state], options);
      return info;
    },
    with: (...given: Parameters<ScatterFunction['with']>) => openedOf(state).with(...given),
    callSync: (...args: never[]) => openedOf(state).callSync(...args),
    on: (event: 'swap', listener: () => void) => openedOf(state).on(event, listener),
    off: (event: 'swap', listener: () => void) => openedOf(state).off(event, listener),
    pull: async (version?: number | string) => (await open()).pull(version),
    upgrade: async () => (await open()).upgrade(),
    downgrade: async () => (await open()).downgrade(),
    versions: async () => (await open()).versions(),
    moveAll: async (version: number) => (await open()).moveAll(version),
    rollback: async () => (await open()).rollback(),
    delete: async (options?: { olderThan?: number }) => (await open()).delete(options),
    release: async () => {
      const handle = await state.opened?.handle;
      state.handle = undefined;
      state.opened = undefined;
      await handle?.release();
    },
  };
}

function openedOf(state: TrackedState): ScatterFunction {
  if (state.handle !== undefined) return state.handle;
  throw new ScatterError(
    'SCATTER_ERR_FUNCTION_NOT_FOUND',
    `\`${state.name}\` was not pushed by this program yet; push() it first, or get() it`,
    { function: state.name },
  );
}

function captureOptionsOf({ fn, declared, capturing }: TrackedState): CaptureOptions {
  const { names } = declared;
  return {
    ...capturing,
    declares: names,
    // The function itself is captured, also when a capability has it as a member.
    recognise: (value) => (value === fn ? undefined : recognise(value, names)),
  };
}

/** Capabilities stay in the host, a captured tracked function is inlined, a captured handle linked. */
function recognise(value: object, names: readonly string[]): ReturnType<Recognise> {
  const capability = recogniseCapability(value, names);
  if (capability !== undefined) return capability;
  const tracked = states.get(value);
  if (tracked !== undefined) return { inline: tracked.fn };
  const link = referenceOf(value);
  return link === undefined ? undefined : { link };
}
