/** Ids of calls and isolates: u32, 0 left out, unique for as long as they are in use. */
export interface Ids {
  next(): number;
}

export function countIds(): Ids {
  let last = 0;
  return {
    next() {
      last = (last + 1) >>> 0 || 1;
      return last;
    },
  };
}

/**
 * Whether call `id` was begun by a worker whose last begun call was `lastBegun` (0: none). Not knowing
 * counts as begun.
 */
export function hasBegun(id: number, lastBegun: number | undefined): boolean {
  if (lastBegun === undefined) return true;
  // Ids go round after 2^32 calls, so "not later than" is a distance.
  return lastBegun !== 0 && (lastBegun - id) >>> 0 < 2 ** 31;
}
