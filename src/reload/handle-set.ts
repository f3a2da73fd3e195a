import pLimit from 'p-limit';
import type { FunctionRecord } from '../registry/registry.ts';
import type { Handle } from './handle.ts';

/** Of functions that change together, how many are looked at and loaded at a time. */
const CHANGES_AT_ONCE = 16;

/** What the registry says of a function that may have changed. */
export interface Change {
  /** Undefined: it is not there. */
  readonly record: FunctionRecord | undefined;
  /** Whether versions are to be told by their digest only, see {@link Handle.follow}. */
  readonly lost: boolean;
}

/** The handles of an instance that follow the registry, by function. */
export class HandleSet implements Iterable<Handle> {
  readonly #handles = new Map<string, Set<Handle>>();

  add(handle: Handle): void {
    const same = this.#handles.get(handle.name) ?? new Set();
    this.#handles.set(handle.name, same.add(handle));
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
      const { record, lost } = await read(name);
      await Promise.all(this.of(name).map((handle) => handle.follow(record, lost)));
    });
  }
}
