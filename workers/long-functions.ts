// What a function may take of what came together before the rest of its calls goes back.
const MAX_MS = 100;

/**
 * Functions that run for long, whichever isolates they are in: the host gets back what it sent of them
 * behind that, so that it can choose anew. It had thought that they were quick, and neighbours wait behind.
 */
export class LongFunctions {
  readonly #spentMs = new Map<string, number>();
  readonly #held = new Set<string>();

  add(name: string, ms: number): void {
    // Whatever is quick is never looked up.
    if (ms < 1) return;
    const spentMs = (this.#spentMs.get(name) ?? 0) + ms;
    this.#spentMs.set(name, spentMs);
    if (spentMs > MAX_MS) this.#held.add(name);
  }

  isHeld(name: string): boolean {
    return this.#held.size > 0 && this.#held.has(name);
  }

  /** The host has what was given back. */
  release(name: string): void {
    this.#held.delete(name);
    this.#spentMs.delete(name);
  }

  /** All that came is done. */
  rest(): void {
    if (this.#spentMs.size > 0) this.#spentMs.clear();
  }
}
