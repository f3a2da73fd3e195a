import type { Remake } from '../refusal/trail.ts';

/**
 * Values that turned out not to travel, and are made anew by their initialisers. What has the prototype
 * of one of them is taken for one at first sight: a program has many schemas, and to find out about
 * each by trying would take long.
 */
export class RemadeValues {
  readonly #keys = new Set<string>();
  readonly #prototypes = new Set<object>();

  has({ key, value }: Remake): boolean {
    if (this.#keys.has(key)) return true;
    const prototype = prototypeOf(value);
    return prototype !== undefined && this.#prototypes.has(prototype);
  }

  add({ key, value }: Remake): void {
    this.#keys.add(key);
    const prototype = prototypeOf(value);
    if (prototype !== undefined) this.#prototypes.add(prototype);
  }
}

/** Undefined where it says nothing of the kind of the object. */
function prototypeOf(value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const prototype: object | null = Object.getPrototypeOf(value);
  const isCommon = prototype === Object.prototype || prototype === Array.prototype;
  return prototype === null || isCommon ? undefined : prototype;
}
