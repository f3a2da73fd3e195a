import { isScatterError } from '../errors.ts';
import type { InstanceReport } from '../model/instance-report.ts';
import type { Registry } from '../registry/registry.ts';

// A program that was killed is shown for this long; three heartbeats may be lost before that.
const TTL_MS = 15_000;
const HEARTBEAT_MS = 5000;
// Programs that were started together do not stay in step.
const JITTER = 0.2;

/** How long nothing must change until it is told: what comes in one go is told once. */
const QUIET_MS = 25;

/** Changes without an end are told this often. */
const BURST_MS = 500;

/** Who may not announce is told once, and tries again ever more rarely, down to this often. */
const REFUSED_MS = 60_000;

/** A registry that does not answer may delay the end of a program by this. */
const FAREWELL_MS = 500;

export interface PresenceOptions {
  /** Whether to announce at all. @default true */
  readonly isShown?: boolean;
  /** Told once, of what trying again soon does not change, such as a registry that may only be read. */
  readonly onRefused: (error: unknown) => void;
  /** @default 5000 */
  readonly heartbeatMs?: number;
}

/**
 * Shows an instance to the fleet for as long as it runs. Nothing depends on it: when the registry does
 * not take a report, the next heartbeat tries again, and everything else goes on.
 */
export class Presence {
  readonly #registry: Pick<Registry, 'announce' | 'withdraw'>;
  readonly #report: () => InstanceReport;
  readonly #onRefused: (error: unknown) => void;
  readonly #heartbeatMs: number;
  #timer: NodeJS.Timeout | undefined;
  // Of two announcements under way, the older one could arrive last.
  #last: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;
  /** When the first change was that has not been told, on the clock of `performance.now()`. */
  #changedAt: number | undefined;
  /** The id under which the registry shows it now, as far as is known. */
  #shown: string | undefined;
  #refusals = 0;
  #wasRefused = false;
  #stopped = false;

  constructor(
    registry: Pick<Registry, 'announce' | 'withdraw'>,
    report: () => InstanceReport,
    { isShown = true, onRefused, heartbeatMs = HEARTBEAT_MS }: PresenceOptions,
  ) {
    this.#registry = registry;
    this.#report = report;
    this.#onRefused = onRefused;
    this.#heartbeatMs = heartbeatMs;
    this.#stopped = !isShown;
  }

  /** Resolves when the registry shows the instance as it is now, or does not take it. Never rejects. */
  announce(): Promise<void> {
    this.#stopTimer();
    if (this.#stopped) return this.#last;
    this.#waiting ??= this.#last.then(() => {
      this.#waiting = undefined;
      return this.#announce();
    });
    this.#last = this.#waiting;
    return this.#last;
  }

  /** Announces soon, once nothing changes any more for a moment. */
  changed(): void {
    if (this.#stopped || this.#refusals > 0) return;
    const now = performance.now();
    this.#changedAt ??= now;
    this.#announceIn(Math.max(0, Math.min(QUIET_MS, this.#changedAt + BURST_MS - now)));
  }

  /** Takes the instance away, if the registry answers. Twice is fine. */
  async close(): Promise<void> {
    this.#stop();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FAREWELL_MS);
    await Promise.race([promise, this.#last.then(() => this.#withdraw())]);
    clearTimeout(timer);
  }

  async #announce(): Promise<void> {
    if (this.#stopped) return;
    this.#changedAt = undefined;
    const report = this.#report();
    try {
      await this.#registry.announce(report, TTL_MS, { background: true });
      this.#shown = report.id;
      this.#refusals = 0;
      // What it says of the registry's absence was true until the registry took it.
      if (report.cacheSince !== undefined) this.changed();
    } catch (error) {
      this.#shown = undefined;
      if (!isPassing(error)) this.#refused(error);
    }
    const isDue = this.#timer !== undefined || this.#stopped;
    if (!isDue) this.#announceIn(this.#pauseMs() * (1 + JITTER * (Math.random() - 0.5)));
  }

  #pauseMs(): number {
    const heartbeatMs = this.#heartbeatMs;
    return this.#refusals === 0
      ? heartbeatMs
      : Math.min(heartbeatMs * 2 ** this.#refusals, REFUSED_MS);
  }

  #announceIn(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.announce(), delayMs);
    this.#timer.unref();
  }

  #refused(error: unknown): void {
    if (this.#stopped) return;
    this.#refusals += 1;
    // A master that became a replica refuses, too, and another one takes over.
    if (!this.#wasRefused) this.#onRefused(error);
    this.#wasRefused = true;
  }

  async #withdraw(): Promise<void> {
    if (this.#shown === undefined) return;
    try {
      await this.#registry.withdraw(this.#shown, { background: true });
    } catch {
      // Its time runs out by itself, and who closes has nothing to do about it.
    }
    this.#shown = undefined;
  }

  #stop(): void {
    this.#stopped = true;
    this.#stopTimer();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function isPassing(error: unknown): boolean {
  return isScatterError(error) && error.retryable;
}
