/** What became of the calls of a soak. */
export class Tally {
  readonly #ends = new Map<string, Map<string, number>>();
  readonly #open = new Map<number, string>();
  /** What must not be: wrong answers, and ends that are not allowed. The first few in words. */
  readonly wrong: string[] = [];
  wrongCount = 0;
  calls = 0;

  /** Counts a call until it has settled; `read` says how it ended, or what was wrong with that. */
  async watch(
    who: string,
    call: Promise<unknown>,
    read: (error: unknown) => string,
  ): Promise<void> {
    this.calls += 1;
    const id = this.calls;
    this.#open.set(id, who);
    const error = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    this.#open.delete(id);
    try {
      this.#count(who, read(error));
    } catch (wrong) {
      this.#count(who, 'WRONG');
      this.wrongCount += 1;
      if (this.wrong.length < 20) this.wrong.push(`${who}: ${String(wrong)}`);
    }
  }

  /** Calls that have not settled. */
  get unsettled(): readonly string[] {
    return [...this.#open.values()];
  }

  /** For each kind of call, how often it came to which end. */
  rows(): { readonly who: string; readonly ends: Readonly<Record<string, number>> }[] {
    return [...this.#ends].map(([who, ends]) => ({ who, ends: Object.fromEntries(ends) }));
  }

  #count(who: string, end: string): void {
    const ends = this.#ends.get(who) ?? new Map<string, number>();
    ends.set(end, (ends.get(end) ?? 0) + 1);
    this.#ends.set(who, ends);
  }
}
