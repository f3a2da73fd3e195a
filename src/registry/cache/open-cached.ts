import type { Registry } from '../registry.ts';
import { CacheFolder } from './cache-folder.ts';
import { CachePaths } from './cache-paths.ts';
import { CacheRecorder } from './cache-recorder.ts';
import { CacheTrouble } from './cache-trouble.ts';
import { CacheUpkeep } from './cache-upkeep.ts';
import { CacheWriter } from './cache-writer.ts';
import { CachedRegistry } from './cached-registry.ts';
import { LastKnown } from './last-known.ts';
import type { ReachEvents } from './reach.ts';
import { openSnapshot } from './snapshot.ts';

/** Where an instance finds what it runs while the registry is away. */
export interface CacheOptions {
  /** The folder of all caches; undefined: none. */
  readonly folder: string | undefined;
  /** A file of `scatter snapshot`; undefined: none. */
  readonly snapshot: string | undefined;
}

export interface CacheEvents extends ReachEvents {
  /** Something of the cache is damaged, or cannot be written. Of each place once. */
  onTrouble(error: unknown, place: string): void;
}

export interface OpenedCache {
  readonly registry: CachedRegistry;
  readonly known: LastKnown;
}

/**
 * Lays a cache around a registry. Makes no file or folder yet.
 *
 * @throws ScatterError `CONFIG_INVALID` for a snapshot that is not there, damaged, or of another namespace
 */
export async function openCache(
  registry: Registry,
  { folder, snapshot }: CacheOptions,
  events: CacheEvents,
): Promise<OpenedCache> {
  const trouble = new CacheTrouble((error, place) => events.onTrouble(error, place));
  const baked =
    snapshot === undefined ? [] : [await openSnapshot(snapshot, registry.namespace, trouble)];
  if (folder === undefined) return joined(new CachedRegistry(registry, undefined, events), baked);
  const paths = new CachePaths(folder, registry.url, registry.namespace);
  const onFailure = (error: unknown) => trouble.tell(error, paths.folder);
  const upkeep = new CacheUpkeep(paths, onFailure);
  const writer = new CacheWriter(paths.folder, { onFailure, onWritten: () => upkeep.run() });
  const recorder = new CacheRecorder(paths, registry, writer);
  const cache = new CacheFolder(paths, registry, { trouble, written: () => writer.flush() });
  const filling = { recorder, writer, upkeep };
  return joined(new CachedRegistry(registry, filling, events), [cache, ...baked]);
}

function joined(
  registry: CachedRegistry,
  sources: ConstructorParameters<typeof LastKnown>[1],
): OpenedCache {
  return { registry, known: new LastKnown(registry, sources) };
}
