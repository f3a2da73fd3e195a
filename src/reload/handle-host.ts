import type { ScatterError } from '../errors.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import type { Limits } from '../model/limits.ts';
import type { FunctionRecord, Registry } from '../registry/registry.ts';
import type { FunctionLoader } from './function-loader.ts';
import type { Leases } from './leases.ts';

/** What a handle needs of its instance. */
export interface HandleHost {
  readonly registry: Registry;
  readonly loader: FunctionLoader;
  readonly leases: Leases;
  /** The function as the registry has it now. */
  find(name: string): Promise<FunctionRecord | undefined>;
  /** The function as the registry has it or, while that is away, had it when it was seen last. */
  lastKnown(name: string): Promise<FunctionRecord | undefined>;
  /** Makes `next` ready to be called, beside `previous`. Rejects if it cannot run here. */
  warm(next: GuestFunction, previous: GuestFunction | undefined, limits: LoadLimits): Promise<void>;
  /** @param brief whether no person reads it: then nobody looks for names that come near */
  functionNotFound(name: string, brief?: boolean): Promise<ScatterError>;
  /** Told after each move, also of one that changed nothing or failed. */
  moved(): void;
}

/** What the registry says of a function that may have changed. */
export interface Change {
  /** Undefined: it is not there. */
  readonly record: FunctionRecord | undefined;
  /** Whether versions are to be told by their digest only, see {@link Handle.follow}. */
  readonly lost: boolean;
  /** Nobody knows whether writes were lost: a version that has another digest now says so. */
  readonly unsure?: boolean;
}

export interface HandleOptions {
  /** Whether it follows its reference by itself. */
  readonly autoUpdate: boolean;
  /** With what its version is loaded before anybody calls it; undefined: it is not. */
  readonly warm: LoadLimits | undefined;
  /** Throws for a version that may not be served here. */
  readonly admit: (target: GuestFunction) => void;
  /** Whether no person reads why it cannot be opened. @default false */
  readonly brief?: boolean;
}

/** What an isolate is loaded with. */
export type LoadLimits = Pick<Limits, 'memoryMb' | 'cpuMs'>;
