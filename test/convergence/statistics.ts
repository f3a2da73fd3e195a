/** What was done in all runs, and how long it took until everybody knew. */
export class Statistics {
  readonly #commands = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  readonly #times = new Map<string, number[]>();
  #runs = 0;

  run(): void {
    this.#runs += 1;
  }

  command(kind: string): void {
    count(this.#commands, kind);
  }

  fault(kind: string): void {
    count(this.#faults, kind);
  }

  /** How many ms after the end of the fault all subscribers equalled the registry. */
  converged(after: string, ms: number): void {
    const times = this.#times.get(after) ?? [];
    this.#times.set(after, times);
    times.push(ms);
  }

  toString(): string {
    const times = [...this.#times].sort().map(([after, given]) => {
      const sorted = given.toSorted((a, b) => a - b);
      const at = (share: number) =>
        (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
      const figures = `${sorted.length} times, p50 ${at(0.5)} ms, max ${at(1)} ms`;
      return `  ${after}: ${figures}`;
    });
    return [
      `${this.#runs} runs, ${total(this.#commands)} commands, ${total(this.#faults)} faults`,
      `commands: ${listed(this.#commands)}`,
      `faults: ${listed(this.#faults)}`,
      'until all subscribers equal the registry, after',
      ...times,
    ].join('\n');
  }
}

function count(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, one) => sum + one, 0);
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, number]) => `${kind} ${number}`)
    .join(', ');
}
