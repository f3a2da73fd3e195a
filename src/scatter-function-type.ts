import type { CallOptions } from './call-options.ts';
import type { AnyFunction, UntypedFunction } from './model/function-type.ts';
import type { VersionInfo } from './model/version.ts';
import type { KeptVersion } from './registry/registry.ts';
import type { BlockedEvent, SwapEvent } from './reload/handle-events.ts';

/** What `delete()` did. */
export interface DeleteOutcome {
  /** Numbers of the removed versions. */
  readonly removed: readonly number[];
  /** Versions below `olderThan` that stayed, because an alias or a handle of this program uses them. */
  readonly kept: readonly KeptVersion[];
}

/** A function of the registry, as a handle: call it, and it runs isolated from this program. */
export interface ScatterFunction<F extends AnyFunction = UntypedFunction> {
  (...args: Parameters<F>): Promise<Awaited<ReturnType<F>>>;
  /** The same handle with other settings for its calls. */
  with(options: CallOptions): ScatterFunction<F>;
  /** Runs on the calling thread; only for handles that were got with `{ trusted: true }`. */
  callSync(...args: Parameters<F>): ReturnType<F>;
  readonly name: string;
  /** The version that calls run now. */
  readonly version: number;
  /** The highest version in the registry, as far as is known here. */
  readonly latestVersion: number;
  /** Whether the handle stays at its version whatever is pushed. */
  readonly pinned: boolean;
  /** The function as its author wrote it. */
  readonly source: string;
  readonly digest: string;
  /** Capabilities it needs. */
  readonly requires: readonly string[];
  /** Goes where the reference points and follows again; with a version or alias, goes there and stays. */
  pull(version?: number | string): Promise<VersionInfo>;
  /** One version up, and stays there; at the end it stays where it is. */
  upgrade(): Promise<VersionInfo>;
  /** One version down, and stays there; at the end it stays where it is. */
  downgrade(): Promise<VersionInfo>;
  /** Newest first. */
  versions(): Promise<VersionInfo[]>;
  /** Puts `latest` on a version, for everybody who follows. */
  moveAll(version: number): Promise<void>;
  /** Puts `latest` back to where it was before its last move. */
  rollback(): Promise<VersionInfo>;
  /** Removes the function, or its versions below `olderThan` that nobody uses. */
  delete(options?: { olderThan?: number }): Promise<DeleteOutcome>;
  on(event: 'swap', listener: (event: SwapEvent) => void): void;
  on(event: 'blocked', listener: (event: BlockedEvent) => void): void;
  off(event: 'swap', listener: (event: SwapEvent) => void): void;
  off(event: 'blocked', listener: (event: BlockedEvent) => void): void;
  /** Stops following and lets go of the isolates. */
  release(): Promise<void>;
}
