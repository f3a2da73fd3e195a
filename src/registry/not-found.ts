import { ScatterError } from '../errors.ts';
import { nearestNames } from './near-names.ts';
import type { Registry } from './registry.ts';

/**
 * The error for a name that a registry does not have; it prints where was looked and which names
 * there come near.
 *
 * @param names all names there are; undefined where no person reads the message
 */
export function functionNotFound(
  name: string,
  { url, namespace }: Pick<Registry, 'url' | 'namespace'>,
  names?: readonly string[],
): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_FUNCTION_NOT_FOUND',
    `there is no function \`${name}\` in namespace \`${namespace}\` of ${url}; ${adviceFor(name, names)}`,
    { function: name },
  );
}

/** The same, of a registry that is asked for the names. */
export async function missingFunction(
  name: string,
  registry: Pick<Registry, 'url' | 'namespace' | 'names'>,
): Promise<ScatterError> {
  return functionNotFound(name, registry, await registry.names());
}

function adviceFor(name: string, names: readonly string[] | undefined): string {
  const elsewhere = 'push it first, or check the registry and namespace';
  if (names === undefined) return elsewhere;
  const near = nearestNames(name, names);
  if (near.length === 0) return `${elsewhere} (${names.length} functions are there)`;
  return `did you mean ${near.map((candidate) => `\`${candidate}\``).join(' or ')}?`;
}
