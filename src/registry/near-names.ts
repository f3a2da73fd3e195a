/** How many are shown. */
const SHOWN = 3;

/** No function has a longer name, in UTF-16 units; what a registry holds beside may have any. */
const MAX_LENGTH = 256;

/** More letters that are wrong are no slip, however long the name is. */
const MAX_SLIPS = 8;

/** How many names are looked at, and how many closely: those that begin and end most like what was asked for. */
const MAX_NAMES = 20_000;
const MAX_CANDIDATES = 1000;

/**
 * Names within a few slips of `name`, or that contain it, nearest first; at most three. Some ms at most,
 * whatever the names are; of many thousands, some may be missed.
 */
export function nearestNames(name: string, names: readonly string[]): string[] {
  if (name.length > MAX_LENGTH) return [];
  const wanted = name.toLowerCase();
  const allowed = Math.min(MAX_SLIPS, Math.max(1, Math.floor(wanted.length / 3)));
  return mostAlike(wanted, names)
    .map(({ name: candidate, lower }) => {
      return { candidate, distance: nameDistance(wanted, lower, allowed) };
    })
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, SHOWN)
    .map(({ candidate }) => candidate);
}

interface Candidate {
  readonly name: string;
  readonly lower: string;
}

function mostAlike(wanted: string, names: readonly string[]): Candidate[] {
  const byRest: Candidate[][] = [];
  for (const name of names.slice(0, MAX_NAMES)) {
    if (name.length > MAX_LENGTH) continue;
    const lower = name.toLowerCase();
    const [start, end] = commonEnds(wanted, lower);
    const rest = Math.max(wanted.length, lower.length) - start - end;
    const same = byRest[rest];
    if (same === undefined) byRest[rest] = [{ name, lower }];
    else same.push({ name, lower });
  }
  return byRest.flat().slice(0, MAX_CANDIDATES);
}

/** How long the beginning is that they have in common, and how long the end. */
function commonEnds(a: string, b: string): [start: number, end: number] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  let end = 0;
  const isSameAt = (fromEnd: number) => a.at(-1 - fromEnd) === b.at(-1 - fromEnd);
  while (end < shorter - start && isSameAt(end)) end += 1;
  return [start, end];
}

function nameDistance(a: string, b: string, allowed: number): number {
  if (a.length >= 3 && (b.includes(a) || (b.length >= 3 && a.includes(b)))) return 1;
  // The distance is at least this.
  if (Math.abs(a.length - b.length) > allowed) return allowed + 1;
  const [start, end] = commonEnds(a, b);
  return editDistance(a.slice(start, a.length - end), b.slice(start, b.length - end), allowed);
}

/**
 * Levenshtein's, two rows at a time and of these only what lies within `most` of the diagonal; what is
 * farther is `most + 1`.
 */
function editDistance(a: string, b: string, most: number): number {
  let row = Array.from({ length: b.length + 2 }, (_, column) => column);
  let next = [...row];
  for (let line = 1; line <= a.length; line++) {
    const letter = a.charCodeAt(line - 1);
    const first = Math.max(1, line - most);
    const last = Math.min(b.length, line + most);
    let left = first === 1 ? line : most + 1;
    let least = left;
    next[first - 1] = left;
    for (let column = first; column <= last; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === b.charCodeAt(column - 1) ? 0 : 1);
      left = Math.min(replaced, (row[column] ?? 0) + 1, left + 1);
      next[column] = left;
      if (left < least) least = left;
    }
    if (least > most) return most + 1;
    // The next line looks one further.
    next[last + 1] = most + 1;
    [row, next] = [next, row];
  }
  return row[b.length] ?? 0;
}
