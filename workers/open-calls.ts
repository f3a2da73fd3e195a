import type { OpenCall } from './open-call.ts';

/** The calls that are open in one isolate. */
export class OpenCalls {
  readonly #calls = new Map<number, OpenCall>();

  get size(): number {
    return this.#calls.size;
  }

  /** The most bytes that any of them may answer with. */
  get largestResult(): number {
    let largest = 0;
    for (const call of this.#calls.values()) largest = Math.max(largest, call.maxResultBytes);
    return largest;
  }

  add(call: OpenCall): void {
    this.#calls.set(call.id, call);
  }

  has(id: number): boolean {
    return this.#calls.has(id);
  }

  get(id: number): OpenCall | undefined {
    return this.#calls.get(id);
  }

  all(): OpenCall[] {
    return [...this.#calls.values()];
  }

  /**
   * Who answers for work that call `id` left behind: the call itself or, when it has settled, another
   * one that lives in the same isolate.
   */
  callToBlame(id: number | undefined): OpenCall | undefined {
    if (id === undefined) return undefined;
    return this.#calls.get(id) ?? this.#calls.values().next().value;
  }

  settle(call: OpenCall): void {
    call.settle();
    this.#calls.delete(call.id);
  }
}
