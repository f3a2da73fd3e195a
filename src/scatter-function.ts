import { type CallOptions, type CallSettings, settleCallOptions } from './call-options.ts';
import { ScatterError } from './errors.ts';
import { aliasVersion } from './model/alias-version.ts';
import type { AnyFunction } from './model/function-type.ts';
import { checkAlias, checkVersion } from './model/reference.ts';
import type { VersionInfo } from './model/version.ts';
import type { FunctionRecord } from './registry/registry.ts';
import { versionNotFound } from './reload/function-loader.ts';
import type { Handle } from './reload/handle.ts';
import { existingVersion } from './reload/target-version.ts';
import type { Runtime } from './runtime.ts';
import type { DeleteOutcome, ScatterFunction } from './scatter-function-type.ts';

/** One function as its handle has it: of the registry, or loaded from text. */
export type FunctionHandle = Pick<
  Handle,
  | 'name'
  | 'reference'
  | 'shownReference'
  | 'loaded'
  | 'current'
  | 'latestVersion'
  | 'pinned'
  | 'events'
  | 'pull'
  | 'pin'
>;

/** What the methods of a handle ask of the registry and of the instance's other handles. */
export type RegistrySide = Pick<
  Runtime,
  'registry' | 'catchUp' | 'functionNotFound' | 'versionsInUse'
>;

/** What the methods of a handle work with. */
export interface HandleContext {
  readonly runtime: RegistrySide;
  readonly handle: FunctionHandle;
  /** The reference by which other functions call this one. @throws ScatterError if none can */
  link(): string;
  release(): void;
  readonly settings: CallSettings;
  readonly author: string;
  call(args: readonly unknown[], settings: CallSettings): Promise<unknown>;
  callSync(args: readonly unknown[], settings: CallSettings): unknown;
}

// Which context a callable has. Capture asks, too: a captured handle becomes a link.
const contexts = new WeakMap<object, HandleContext>();

/** The reference by which others call the function behind `value`, if that is a handle. */
export function referenceOf(value: object): string | undefined {
  return contexts.get(value)?.link();
}

/** The callable object that users hold. */
export function createScatterFunction<F extends AnyFunction>(
  context: HandleContext,
): ScatterFunction<F> {
  const callable = (...args: unknown[]): Promise<unknown> => context.call(args, context.settings);
  contexts.set(callable, context);
  // An arrow function's own name would hide the one on the prototype.
  Reflect.deleteProperty(callable, 'name');
  Object.setPrototypeOf(callable, PROTOTYPE);
  return callable as unknown as ScatterFunction<F>;
}

const members = {
  get name(): string {
    return handleOf(this).name;
  },
  get version(): number {
    return handleOf(this).loaded.version;
  },
  get latestVersion(): number {
    return handleOf(this).latestVersion;
  },
  get pinned(): boolean {
    return handleOf(this).pinned;
  },
  get source(): string {
    return handleOf(this).loaded.artifact.origin.source;
  },
  get digest(): string {
    return handleOf(this).loaded.digest;
  },
  get requires(): readonly string[] {
    return handleOf(this).loaded.artifact.requires;
  },
  with(options: CallOptions): unknown {
    const context = contextOf(this);
    const settings = settleCallOptions(context.settings, options);
    return createScatterFunction({
      ...context,
      settings,
    });
  },
  callSync(...args: unknown[]): unknown {
    const context = contextOf(this);
    return context.callSync(args, context.settings);
  },
  async pull(version?: number | string): Promise<VersionInfo> {
    const { handle } = contextOf(this);
    if (version === undefined) await handle.pull();
    else await handle.pin(choiceOf(version, handle.name));
    return loadedInfo(contextOf(this));
  },
  async upgrade(): Promise<VersionInfo> {
    await handleOf(this).pin((record, current) => {
      const next = record.versions.find((version) => version > current);
      return next ?? existingVersion(record, current);
    });
    return loadedInfo(contextOf(this));
  },
  async downgrade(): Promise<VersionInfo> {
    await handleOf(this).pin((record, current) => {
      const last = record.versions.findLast((version) => version < current);
      return last ?? existingVersion(record, current);
    });
    return loadedInfo(contextOf(this));
  },
  async versions(): Promise<VersionInfo[]> {
    const { runtime, handle } = contextOf(this);
    const versions = await runtime.registry.versions(handle.name);
    if (versions.length === 0) throw await runtime.functionNotFound(handle.name);
    return versions;
  },
  async moveAll(version: number): Promise<void> {
    const { runtime, handle, author } = contextOf(this);
    await runtime.registry.moveAll(handle.name, checkVersion(version, handle.name), author);
    await runtime.catchUp();
  },
  async rollback(): Promise<VersionInfo> {
    const { runtime, handle, author } = contextOf(this);
    const info = await runtime.registry.rollback(handle.name, author);
    await runtime.catchUp();
    return info;
  },
  async delete(options: { olderThan?: number } = {}): Promise<DeleteOutcome> {
    const { runtime, handle, author } = contextOf(this);
    const { name } = handle;
    if (options.olderThan !== undefined) {
      const below = checkVersion(options.olderThan, name);
      return runtime.registry.prune(name, below, runtime.versionsInUse(name), author);
    }
    const removed = (await runtime.registry.find(name))?.versions ?? [];
    await runtime.registry.delete(name, author);
    await runtime.catchUp();
    return { removed, kept: [] };
  },
  on(event: 'swap' | 'blocked', listener: () => void): void {
    handleOf(this).events.on(event, listener);
  },
  off(event: 'swap' | 'blocked', listener: () => void): void {
    handleOf(this).events.off(event, listener);
  },
  async release(): Promise<void> {
    contextOf(this).release();
  },
};

const PROTOTYPE: object = Object.create(
  Function.prototype,
  Object.getOwnPropertyDescriptors(members),
);

function contextOf(callable: object): HandleContext {
  const context = contexts.get(callable);
  if (context !== undefined) return context;
  throw new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    'a method of a scatter function was called on something else; call it as `fn.method()`',
  );
}

function handleOf(callable: object): FunctionHandle {
  return contextOf(callable).handle;
}

function choiceOf(version: number | string, name: string): (record: FunctionRecord) => number {
  if (typeof version === 'number') {
    const number = checkVersion(version, name);
    return (record) => existingVersion(record, number);
  }
  if (/^\d+$/.test(version)) return choiceOf(Number(version), name);
  const alias = checkAlias(version);
  return (record) => {
    const target = aliasVersion(record, alias);
    if (target === undefined) throw versionNotFound(name, alias);
    return target;
  };
}

async function loadedInfo({ runtime, handle }: HandleContext): Promise<VersionInfo> {
  const { name, version } = handle.loaded;
  const info = await runtime.registry.version(name, version);
  if (info === undefined) throw versionNotFound(name, version);
  return info;
}
