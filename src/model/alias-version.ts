import { LATEST } from './reference.ts';

/** The version an alias points at, `latest` included; undefined for one that there is not. */
export function aliasVersion(
  record: { readonly latest: number; readonly aliases: Readonly<Record<string, number>> },
  alias: string,
): number | undefined {
  if (alias === LATEST) return record.latest;
  // `constructor` and the like are possible aliases, and properties of every object.
  return Object.hasOwn(record.aliases, alias) ? record.aliases[alias] : undefined;
}
