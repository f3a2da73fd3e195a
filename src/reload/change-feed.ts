import { held } from '../registry/held.ts';
import {
  type Changes,
  type Head,
  hasLostWrites,
  isSameHead,
  type Registry,
} from '../registry/registry.ts';

// A hint can be lost; this is the longest that anything is missed then, give or take the jitter.
const POLL_MS = 5000;
const JITTER = 0.3;

export interface ChangeFeedEvents {
  /**
   * @param lost whether the registry lost writes that were applied here: versions may have been given
   *   again, and what is missing was not deleted
   */
  onChanges(changes: Changes, lost: boolean): Promise<void>;
  onError(error: unknown): void;
}

/** Follows a registry's change log: whatever hints are lost, it ends at the truth. */
export class ChangeFeed {
  readonly #registry: Registry;
  readonly #events: ChangeFeedEvents;
  #head: Head;
  #seen: readonly Head[] = [];
  #unwatch: () => void = () => undefined;
  #poll: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #applying: Promise<void> | undefined;
  #stopped = false;

  /** @param head where the caller has read up to */
  constructor(registry: Registry, head: Head, events: ChangeFeedEvents) {
    this.#registry = registry;
    this.#head = head;
    this.#events = events;
  }

  /** Up to where the changes are applied here. */
  get head(): Head {
    return this.#head;
  }

  start(): void {
    this.#unwatch = this.#registry.watch(() => this.#look());
    this.#pollLater();
  }

  /**
   * Something was read of the registry when it was at `head`, which may be past what is applied here: a
   * loss of that would be missed if it came before the next look.
   */
  saw(head: Head): void {
    const isKnown = [this.#head, ...this.#seen].some((known) => isSameHead(known, head));
    if (!isKnown) this.#seen = [...this.#seen, head];
  }

  /** Resolves when everything that was in the registry at the time of this call has been applied. */
  catchUp(): Promise<void> {
    return held(this.#catchUp());
  }

  /** What is being applied ends before this resolves; a registry that does not answer is not waited for. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unwatch();
    clearTimeout(this.#poll);
    await Promise.allSettled([this.#applying]);
  }

  #catchUp(): Promise<void> {
    if (this.#running === undefined) return this.#run();
    // What runs now may have read the log before; one more turn surely reads what is there now.
    this.#next ??= this.#running.then(
      () => this.#run(),
      () => this.#run(),
    );
    return this.#next;
  }

  #run(): Promise<void> {
    this.#next = undefined;
    this.#running = this.#read().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #read(): Promise<void> {
    if (this.#stopped) return;
    const seen = this.#seen;
    const changes = await this.#registry.changes(this.#head, { background: true });
    const { head } = changes;
    const lost = hasLostWrites(this.#head, changes) || (await this.#hasLostAny(seen, head));
    const names = lost ? 'all' : changes.names;
    if (this.#stopped) return;
    if (names === 'all' || names.length > 0) {
      this.#applying = this.#events.onChanges({ ...changes, names }, lost);
      await this.#applying;
    }
    this.#head = head;
    // Still to be confirmed: what was seen meanwhile, or was later than these changes.
    this.#seen = this.#seen.filter((one) => {
      const isConfirmed = seen.includes(one) && (lost || one.epoch <= head.epoch);
      return !isConfirmed && !isSameHead(one, head);
    });
  }

  async #hasLostAny(seen: readonly Head[], head: Head): Promise<boolean> {
    for (const one of seen) {
      if (isSameHead(one, head)) continue;
      const changes = await this.#registry.changes(one, { background: true });
      if (hasLostWrites(one, changes)) return true;
    }
    return false;
  }

  #look(): void {
    if (this.#stopped) return;
    this.#catchUp().catch((error: unknown) => this.#events.onError(error));
  }

  #pollLater(): void {
    const delay = POLL_MS * (1 + JITTER * (Math.random() - 0.5));
    this.#poll = setTimeout(() => {
      this.#look();
      if (!this.#stopped) this.#pollLater();
    }, delay);
    this.#poll.unref();
  }
}
