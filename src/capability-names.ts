import { inspect } from 'node:util';
import { ScatterError } from './errors.ts';

/** A capability by its name, or something that has its name, such as a token. */
export type NamedCapability = string | { readonly name: string };

/** @throws ScatterError `CONFIG_INVALID` for what has no name */
export function capabilityNames(given: readonly NamedCapability[]): string[] {
  return given.map((one) => {
    const name: unknown = typeof one === 'string' ? one : one?.name;
    if (typeof name === 'string' && name !== '') return name;
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `capabilities: ${inspect(one, { depth: 0 })} is no capability; give its name or its token`,
    );
  });
}
