import { EventEmitter } from 'node:events';
import { isScatterError, ScatterError } from '../errors.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import { formatReference, type Reference } from '../model/reference.ts';
import { tell } from '../model/tell.ts';
import type { FunctionRecord } from '../registry/registry.ts';
import { foundRecord } from './found-record.ts';
import type { BlockedEvent, HandleEvents } from './handle-events.ts';
import type { Change, HandleHost, HandleOptions, LoadLimits } from './handle-host.ts';
import { followedVersion, type Seen, seenOf, targetOf } from './target-version.ts';

/** Follows a reference, or is pinned: which version a function has here, now. */
export class Handle {
  readonly reference: Reference;
  readonly events = new EventEmitter<HandleEvents>();
  readonly #host: HandleHost;
  readonly #autoUpdate: boolean;
  readonly #warm: LoadLimits | undefined;
  readonly #admit: (target: GuestFunction) => void;
  #current: GuestFunction;
  #seen: Seen;
  #pinned: boolean;
  #blocked: BlockedEvent | undefined;
  #deleted = false;
  // The registry lost writes that this handle had seen, and it has not found its place again.
  #lost = false;
  // Its function went with lost writes, and was not pushed again.
  #orphaned = false;
  #released = false;
  #reads = 0;
  // Moves happen one after the other, so that the last order given is the one that stays.
  #moves: Promise<unknown> = Promise.resolve();

  private constructor(
    host: HandleHost,
    reference: Reference,
    o: HandleOptions & { current: GuestFunction; record: FunctionRecord },
  ) {
    this.#host = host;
    this.reference = reference;
    this.#autoUpdate = o.autoUpdate;
    this.#warm = o.warm;
    this.#admit = o.admit;
    this.#current = o.current;
    this.#seen = seenOf(o.record);
    this.#pinned = 'version' in reference;
    host.leases.take(o.current);
  }

  /**
   * Resolves a reference and makes what it points at ready.
   *
   * @throws ScatterError `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND`, and what admitting and loading give
   */
  static async open(
    host: HandleHost,
    reference: Reference,
    options: HandleOptions,
  ): Promise<Handle> {
    const { name } = reference;
    const record = await foundRecord(host, name, host.lastKnown(name), options.brief);
    const current = await host.loader.load(name, targetOf(record, reference));
    options.admit(current);
    if (options.warm) await host.warm(current, undefined, options.warm);
    return new Handle(host, reference, { ...options, current, record });
  }

  get name(): string {
    return this.reference.name;
  }

  get pinned(): boolean {
    return this.#pinned;
  }

  get latestVersion(): number {
    return this.#seen.latestVersion;
  }

  /** How often it has read its function by itself: then it knows more than was read before. */
  get reads(): number {
    return this.#reads;
  }

  get released(): boolean {
    return this.#released;
  }

  get deleted(): boolean {
    return this.#deleted;
  }

  get orphaned(): boolean {
    return this.#orphaned;
  }

  /** Whether changes of the registry move it. */
  get follows(): boolean {
    return !this.#pinned && this.#autoUpdate;
  }

  /** The version that it should be at and that cannot run here. */
  get blocked(): BlockedEvent | undefined {
    return this.#blocked;
  }

  /** What links to this handle refer to: the version it is pinned at, else what it follows. */
  get shownReference(): string {
    return this.#pinned ? `${this.name}@${this.#current.version}` : formatReference(this.reference);
  }

  /** The version that is loaded, deleted or not. */
  get loaded(): GuestFunction {
    return this.#current;
  }

  /** The version that a call runs now. @throws ScatterError `FUNCTION_NOT_FOUND`, `POOL_CLOSED` */
  get current(): GuestFunction {
    if (this.#released) {
      throw new ScatterError(
        'SCATTER_ERR_POOL_CLOSED',
        `this handle of \`${this.name}\` was released; get() another one`,
        { function: this.name },
      );
    }
    if (!this.#deleted) return this.#current;
    throw new ScatterError(
      'SCATTER_ERR_FUNCTION_NOT_FOUND',
      `\`${this.name}\` was deleted from ${this.#host.registry.url}; push it again, then pull()`,
      { function: this.name },
    );
  }

  /** Goes where the reference points now, and follows again. */
  pull(): Promise<void> {
    return this.#move(async () => {
      const record = await this.#read();
      await this.#swap(targetOf(record, this.reference));
      this.#seen = seenOf(record);
      this.#pinned = 'version' in this.reference;
    });
  }

  /** Goes to a version and stays there. @throws ScatterError `VERSION_NOT_FOUND` */
  pin(choose: (record: FunctionRecord, current: number) => number): Promise<void> {
    return this.#move(async () => {
      const record = await this.#read();
      await this.#swap(choose(record, this.#current.version));
      this.#seen = seenOf(record);
      this.#pinned = true;
    });
  }

  /**
   * Applies what the registry says now. Where there is no record, the function was deleted; or, if writes
   * were lost, it went with them, and what is loaded goes on running until it is pushed again. After a
   * loss, a version is what it was by its digest only.
   *
   * @param news is asked when all moves before are over, with {@link Handle.reads}
   */
  follow(news: (reads: number) => Change | Promise<Change>): Promise<void> {
    return this.#move(async () => {
      const { record, lost, unsure = false } = await news(this.#reads);
      this.#lost ||= lost || (unsure && (await this.#isOther()));
      if (record === undefined) this.#orphaned ||= lost;
      else this.#orphaned = false;
      if (record !== undefined) await this.#followRecord(record);
      else if (!this.#orphaned) this.#deleted = true;
    });
  }

  /** Whether the number of the version that runs stands for another one in the registry. */
  async #isOther(): Promise<boolean> {
    const { name, version, digest } = this.#current;
    const info = await this.#host.registry.version(name, version);
    return info !== undefined && info.digest !== digest;
  }

  async #followRecord(record: FunctionRecord): Promise<void> {
    const seen = this.#seen;
    this.#seen = seenOf(record);
    if (!this.follows) return;
    const { version } = this.#current;
    const target = followedVersion(this.reference, record, { seen, version, lost: this.#lost });
    const isThere = target === version && !this.#lost && !this.#deleted;
    if (isThere) this.#blocked = undefined;
    if (target === undefined || isThere) return;
    try {
      await this.#swap(target);
    } catch (error) {
      if (isScatterError(error) && error.retryable) {
        // The version is not to blame: the next look at the changes tries again.
        this.#seen = seen;
        throw error;
      }
      // A version that cannot run never replaces one that does; whoever listens hears of it.
      if (this.#released) return;
      const blocked = { name: this.name, version: target, error };
      this.#blocked = blocked;
      tell('blocked', () => this.events.emit('blocked', blocked));
    }
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.events.removeAllListeners();
    this.#host.leases.release(this.#current);
  }

  // It counts as seen only once the handle has moved: if that fails, a change in it that was not
  // followed yet must still be news.
  #read(): Promise<FunctionRecord> {
    this.#reads += 1;
    return foundRecord(this.#host, this.name, this.#host.find(this.name));
  }

  async #swap(version: number): Promise<void> {
    const from = this.#current;
    if (this.#released) return;
    const next = await this.#host.loader.load(this.name, version);
    if (next.version === from.version && next.digest === from.digest) return this.#settle();
    this.#admit(next);
    if (this.#warm) await this.#host.warm(next, from, this.#warm);
    if (this.#released) return;
    this.#host.leases.take(next);
    this.#current = next;
    this.#settle();
    this.#host.leases.release(from);
    const swapped = { name: this.name, from: from.version, to: version };
    tell('swap', () => this.events.emit('swap', swapped));
  }

  #settle(): void {
    this.#blocked = undefined;
    this.#lost = false;
    // Only now: until then it stands for a version that went with the function.
    this.#deleted = false;
  }

  #move(move: () => Promise<void>): Promise<void> {
    const moved = this.#moves.then(move);
    this.#moves = moved.catch(() => undefined).then(() => this.#host.moved());
    return moved;
  }
}
