import { ScatterError } from './errors.ts';

/**
 * Refuses options that nobody would read: a slip in a name must not be a default that surprises.
 *
 * @param where how to show an option, such as `with({ * })`
 * @throws ScatterError `CONFIG_INVALID`
 */
export function checkOptionNames(where: string, options: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (known.includes(name) || value === undefined) continue;
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `${where.replace('*', () => name)}: \`${name}\` is not an option; there are ${known.join(', ')}`,
    );
  }
}
