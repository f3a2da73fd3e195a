/**
 * Where a namespace lies in Redis. All its keys carry `{namespace}`, so that a cluster keeps them in
 * one slot and one script may write them together.
 */
export interface RedisKeys {
  /** Hash: name to state; `@head` and other fields with `@`, which no name has, are about them all. */
  readonly functions: string;
  /** Hash: `name@3` to version record. */
  readonly versions: string;
  /** Hash: digest to blob. */
  readonly artifacts: string;
  /** Hash: digest to the number of versions that have it. */
  readonly uses: string;
  /** Stream, `epoch-n`: the change log. */
  readonly log: string;
  /** Hash: id of a write that is in the log to what it answered. */
  readonly commits: string;
  /** Sorted set: ids of running programs, by when they are cleared away; `fleet:ID` is a hash that expires. */
  readonly fleet: string;
  /** Channel of the hints. */
  readonly channel: string;
}

/** The field of `functions` that says how far the namespace is. */
export const HEAD_FIELD = '@head';

export function redisKeys(namespace: string): RedisKeys {
  const prefix = `scatter:{${namespace}}:`;
  return {
    functions: `${prefix}functions`,
    versions: `${prefix}versions`,
    artifacts: `${prefix}artifacts`,
    uses: `${prefix}uses`,
    log: `${prefix}log`,
    commits: `${prefix}commits`,
    fleet: `${prefix}fleet`,
    channel: `${prefix}changes`,
  };
}

export function versionField(name: string, version: number): string {
  return `${name}@${version}`;
}
