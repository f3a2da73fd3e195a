import { inspect } from 'node:util';
import { ScatterError } from './errors.ts';
import { Capability } from './model/capability.ts';
import { tokenOf } from './model/capability-token.ts';
import { providedObject } from './provided-objects.ts';

/** What `track(fn, { capabilities })` says. */
export interface DeclaredCapabilities {
  /** Names of all of them, each once. */
  readonly names: readonly string[];
  /** Those that `provide()` gave, not just their tokens. */
  readonly provided: readonly Capability[];
}

/** @throws ScatterError `CONFIG_INVALID` for what is neither a token nor provided */
export function declareCapabilities(
  given: readonly object[],
  where = 'track(fn, { capabilities })',
): DeclaredCapabilities {
  if (!Array.isArray(given)) throw notDeclarable(given, where);
  return {
    names: [...new Set(given.map((one) => nameOf(one, where)))],
    provided: given.filter((one) => one instanceof Capability),
  };
}

/**
 * What of a capability an object of this program stands for.
 *
 * @param names of capabilities that go before others which the object was provided as
 */
export function recogniseCapability(
  value: object,
  names: readonly string[],
): { readonly capability: string; readonly path: readonly string[] } | undefined {
  const token = tokenOf(value);
  if (token !== undefined) return { capability: token.name, path: token.path };
  return providedObject(value, names);
}

function nameOf(given: unknown, where: string): string {
  const name = given instanceof Capability ? given.name : tokenOf(given)?.name;
  if (name !== undefined) return name;
  throw notDeclarable(given, where);
}

function notDeclarable(given: unknown, where: string): ScatterError {
  const shown = inspect(given, { depth: 0 }).slice(0, 60);
  return new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `${where} takes a list of tokens of capability() and of what provide() gave, and was given ${shown}`,
  );
}
