import { type CapabilitySet, checkProvided } from './capability-set.ts';
import type { Logger } from './logger.ts';
import type { GuestFunction } from './model/guest-function.ts';
import { parseReference } from './model/reference.ts';
import type { Handle } from './reload/handle.ts';
import type { BlockedEvent } from './reload/handle-events.ts';
import type { Runtime } from './runtime.ts';

/** What opens such handles. */
export type LinkedHost = Pick<Runtime, 'openHandle' | 'release'>;

export interface LinkedHandlesOptions {
  /** How many handles are kept; those in use at the moment may be more. @default 256 */
  readonly most?: number;
  /** How long a handle is kept that nobody uses, in ms; up to a quarter more. @default 600000 */
  readonly idleMs?: number;
}

interface Linked {
  readonly opening: Promise<{ readonly host: LinkedHost; readonly handle: Handle }>;
  /** Who waits for it. */
  users: number;
  /** On the clock of `performance.now()`, in ms. */
  usedAt: number;
}

/**
 * Handles that follow what guests link to, one for each reference and set of capability names. What is
 * linked is up to guests: so a handle is let go when many others were used since, or when nobody used it
 * for long. A call tree that has its version runs on with it; the next one opens another handle.
 */
export class LinkedHandles {
  readonly #connect: () => Promise<LinkedHost>;
  readonly #logger: Logger;
  readonly #most: number;
  readonly #idleMs: number;
  /** What was used last is last. */
  readonly #linked = new Map<string, Linked>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    connect: () => Promise<LinkedHost>,
    logger: Logger,
    { most = 256, idleMs = 600_000 }: LinkedHandlesOptions = {},
  ) {
    this.#connect = connect;
    this.#logger = logger;
    this.#most = most;
    this.#idleMs = idleMs;
  }

  /**
   * The version that a reference is at now, for calls with these capabilities.
   *
   * @throws ScatterError `REF_INVALID`, `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND`, `CAPABILITY_MISSING`,
   *   and what loading and the registry give; none of it is for people
   */
  async version(reference: string, given: CapabilitySet): Promise<GuestFunction> {
    const linked = this.#use(reference, given);
    linked.users += 1;
    try {
      const { handle } = await linked.opening;
      return handle.current;
    } finally {
      linked.users -= 1;
      this.#shrink();
    }
  }

  #use(reference: string, given: CapabilitySet): Linked {
    const key = [reference, ...[...given.keys()].sort()].join('\n');
    const known = this.#linked.get(key);
    const linked = known ?? { opening: this.#open(reference, given), users: 0, usedAt: 0 };
    linked.usedAt = performance.now();
    this.#linked.delete(key);
    this.#linked.set(key, linked);
    // Missing today may be there tomorrow.
    if (known === undefined) linked.opening.catch(() => this.#linked.delete(key));
    this.#timer ??= setTimeout(() => this.#sweep(), this.#idleMs / 4).unref();
    return linked;
  }

  async #open(reference: string, given: CapabilitySet): ReturnType<() => Linked['opening']> {
    const parsed = parseReference(reference);
    const host = await this.#connect();
    const handle = await host.openHandle(parsed, {
      autoUpdate: true,
      warm: undefined,
      admit: (target) => checkProvided(target, given),
      brief: true,
    });
    handle.events.on('blocked', (blocked) => this.#warnOf(blocked));
    return { host, handle };
  }

  #shrink(): void {
    for (const [key, linked] of this.#linked) {
      if (this.#linked.size <= this.#most) return;
      this.#letGo(key, linked);
    }
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [key, linked] of this.#linked) {
      if (now - linked.usedAt < this.#idleMs) break;
      this.#letGo(key, linked);
    }
    if (this.#linked.size === 0) return;
    this.#timer = setTimeout(() => this.#sweep(), this.#idleMs / 4).unref();
  }

  /** Unless somebody waits for it. */
  #letGo(key: string, { opening, users }: Linked): void {
    if (users > 0) return;
    this.#linked.delete(key);
    opening.then(
      ({ host, handle }) => host.release(handle),
      // Who waited for it was told.
      () => undefined,
    );
  }

  // Nobody holds such a handle, so nobody can listen to it.
  #warnOf({ name, version, error }: BlockedEvent): void {
    const fields = { function: name, version, err: error };
    this.#logger.warn(fields, 'a new version cannot run here; calls go on with the one before');
  }
}
