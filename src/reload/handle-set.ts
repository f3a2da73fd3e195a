import pLimit from 'p-limit';
import type { Handle } from './handle.ts';
import type { Change } from './handle-host.ts';

/** Of functions that change together, how many are looked at and loaded at a time. */
const CHANGES_AT_ONCE = 16;

/** The handles of an instance that follow the registry, by function. */
export class HandleSet implements Iterable<Handle> {
  readonly #handles = new Map<string, Set<Handle>>();
  /** Names of functions, one for each handle that is being opened. */
  readonly #opening: string[] = [];

  /** Adds a handle once it is open. */
  async open(name: string, open: () => Promise<Handle>): Promise<Handle> {
    this.#opening.push(name);
    try {
      const handle = await open();
      const same = this.#handles.get(name) ?? new Set();
      this.#handles.set(name, same.add(handle));
      return handle;
    } finally {
      this.#opening.splice(this.#opening.indexOf(name), 1);
    }
  }

  isOpening(name: string): boolean {
    return this.#opening.includes(name);
  }

  delete(handle: Handle): void {
    const same = this.#handles.get(handle.name);
    same?.delete(handle);
    if (same?.size === 0) this.#handles.delete(handle.name);
  }

  of(name: string): Handle[] {
    return [...(this.#handles.get(name) ?? [])];
  }

  *[Symbol.iterator](): Iterator<Handle> {
    for (const same of this.#handles.values()) yield* same;
  }

  /**
   * Has handles follow, of a bounded number of functions at a time: each may be fetched and compiled.
   *
   * @param names `all`: of every function that has handles
   * @param read is asked for those that have
   */
  async follow(
    names: readonly string[] | 'all',
    read: (name: string) => Promise<Change>,
  ): Promise<void> {
    const known = names === 'all' ? [...this.#handles.keys()] : names;
    const changed = known.filter((name) => this.#handles.has(name));
    await pLimit(CHANGES_AT_ONCE).map(changed, async (name) => {
      const before = new Map(this.of(name).map((handle) => [handle, handle.reads]));
      const change = await read(name);
      const follow = (handle: Handle) =>
        // One that was opened or pulled meanwhile may know what came after this change.
        handle.follow((reads) => (before.get(handle) === reads ? change : read(name)));
      await Promise.all(this.of(name).map(follow));
    });
  }
}
