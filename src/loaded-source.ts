import { EventEmitter } from 'node:events';
import { ScatterError } from './errors.ts';
import type { GuestFunction } from './model/guest-function.ts';
import { LATEST, type Reference } from './model/reference.ts';
import type { Registry } from './registry/registry.ts';
import type { Handle } from './reload/handle.ts';
import type { Leases } from './reload/leases.ts';
import type { FunctionHandle, RegistrySide } from './scatter-function.ts';

/** A function that is in no registry: always the same code, until it is released. */
export class LoadedSource implements FunctionHandle {
  readonly events: Handle['events'] = new EventEmitter();
  readonly loaded: GuestFunction;
  readonly #leases: Leases;
  #released = false;

  constructor(target: GuestFunction, leases: Leases) {
    this.loaded = target;
    this.#leases = leases;
    leases.take(target);
  }

  get name(): string {
    return this.loaded.name;
  }

  get reference(): Reference {
    return { name: this.name, alias: LATEST };
  }

  get shownReference(): string {
    return this.name;
  }

  get latestVersion(): number {
    return this.loaded.version;
  }

  get pinned(): boolean {
    return true;
  }

  /** @throws ScatterError `POOL_CLOSED` after `release()` */
  get current(): GuestFunction {
    if (!this.#released) return this.loaded;
    throw new ScatterError(
      'SCATTER_ERR_POOL_CLOSED',
      `\`${this.name}\` was released; load() it again`,
      { function: this.name },
    );
  }

  /** @throws ScatterError `CONFIG_INVALID`, always */
  async pull(): Promise<void> {
    throw noRegistry(this.name);
  }

  /** @throws ScatterError `CONFIG_INVALID`, always */
  async pin(): Promise<void> {
    throw noRegistry(this.name);
  }

  /** @throws ScatterError `CAPTURE_UNSUPPORTED`, always */
  link(): never {
    throw new ScatterError(
      'SCATTER_ERR_CAPTURE_UNSUPPORTED',
      `\`${this.name}\` was loaded from text and is in no registry, so no other function can call it ` +
        'by name; pushSource() it and get() it',
      { function: this.name },
    );
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.events.removeAllListeners();
    this.#leases.release(this.loaded);
  }
}

/** In place of a registry, for a function that is in none: everything about it is `CONFIG_INVALID`. */
export function noRegistrySide(name: string): RegistrySide {
  return {
    get registry(): Registry {
      throw noRegistry(name);
    },
    catchUp: () => Promise.reject(noRegistry(name)),
    functionNotFound: () => Promise.reject(noRegistry(name)),
    versionsInUse: () => [],
  };
}

function noRegistry(name: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `\`${name}\` was loaded from text and is in no registry; pushSource() it and get() it for versions`,
    { function: name },
  );
}
