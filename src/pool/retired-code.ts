import { codeKey, type GuestFunction } from '../model/guest-function.ts';

/** Swaps go on for as long as a program does, and each leaves code behind. */
const MAX_REMEMBERED = 10_000;

/**
 * Code that nobody serves any more but that calls under way may still load: its isolates go as soon as they
 * are empty. What was retired ten thousand swaps ago is forgotten; if it is loaded once more, its isolate
 * goes when it is the one that was unused for longest.
 */
export class RetiredCode {
  readonly #keys = new Set<string>();

  get size(): number {
    return this.#keys.size;
  }

  has(target: GuestFunction): boolean {
    return this.#keys.has(codeKey(target));
  }

  add(target: GuestFunction): void {
    this.#keys.add(codeKey(target));
    if (this.#keys.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#keys;
    if (oldest !== undefined) this.#keys.delete(oldest);
  }

  delete(target: GuestFunction): void {
    this.#keys.delete(codeKey(target));
  }
}
