import { isScatterError } from '../../errors.ts';

export interface ReachEvents {
  /** It stopped answering. Once, until it is back. */
  onAway(since: Date, error: unknown): void;
  onBack(since: Date): void;
}

/** Whether a registry answers, by what comes of everything that it is asked. */
export class Reach {
  readonly #events: ReachEvents;
  #awaySince: Date | undefined;
  #answers = 0;

  constructor(events: ReachEvents) {
    this.#events = events;
  }

  /** Since when nothing was answered; undefined while it answers. */
  get awaySince(): Date | undefined {
    return this.#awaySince;
  }

  /** Passes on what comes of a question, and learns from it. */
  async watch<T>(asked: Promise<T>): Promise<T> {
    const before = this.#answers;
    try {
      const answer = await asked;
      this.#succeed();
      return answer;
    } catch (error) {
      if (before === this.#answers) this.fail(error);
      throw error;
    }
  }

  /** A question failed, and nothing was answered since it was asked. */
  fail(error: unknown): void {
    if (this.#awaySince !== undefined) return;
    // Only this: a wrong password or a damaged registry must stay as loud as they are.
    if (!isScatterError(error, 'SCATTER_ERR_REGISTRY_UNREACHABLE')) return;
    this.#awaySince = new Date();
    this.#events.onAway(this.#awaySince, error);
  }

  #succeed(): void {
    this.#answers += 1;
    const since = this.#awaySince;
    if (since === undefined) return;
    this.#awaySince = undefined;
    this.#events.onBack(since);
  }
}
