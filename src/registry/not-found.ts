import { ScatterError } from '../errors.ts';
import type { Registry } from './registry.ts';

const SHOWN = 3;

/**
 * The error for a name that a registry does not have; it prints where was looked and which names
 * there come near.
 *
 * @param names all names there are
 */
export function functionNotFound(
  name: string,
  { url, namespace }: Pick<Registry, 'url' | 'namespace'>,
  names: readonly string[],
): ScatterError {
  const near = nearestNames(name, names);
  const advice =
    near.length > 0
      ? `did you mean ${near.map((candidate) => `\`${candidate}\``).join(' or ')}?`
      : `push it first, or check the registry and namespace (${names.length} functions are there)`;
  return new ScatterError(
    'SCATTER_ERR_FUNCTION_NOT_FOUND',
    `there is no function \`${name}\` in namespace \`${namespace}\` of ${url}; ${advice}`,
    { function: name },
  );
}

/** The same, of a registry that is asked for the names. */
export async function missingFunction(
  name: string,
  registry: Pick<Registry, 'url' | 'namespace' | 'list'>,
): Promise<ScatterError> {
  const records = await registry.list();
  return functionNotFound(
    name,
    registry,
    records.map((record) => record.name),
  );
}

/** Names within a few slips of `name`, or that contain it, nearest first; at most three. */
function nearestNames(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  return names
    .map((candidate) => ({ candidate, distance: nameDistance(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, SHOWN)
    .map(({ candidate }) => candidate);
}

function nameDistance(a: string, b: string): number {
  if (a.length >= 3 && (b.includes(a) || (b.length >= 3 && a.includes(b)))) return 1;
  // A shorter way out for lists of thousands: the distance is at least this.
  const least = Math.abs(a.length - b.length);
  return least > a.length / 3 + 1 ? least : editDistance(a, b);
}

// Levenshtein's, one row at a time.
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let line = 1; line <= a.length; line++) {
    const next = [line];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (a[line - 1] === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
