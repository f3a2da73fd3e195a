import { aliasVersion } from '../model/alias-version.ts';
import { LATEST, type Reference } from '../model/reference.ts';
import type { FunctionRecord } from '../registry/registry.ts';
import { versionNotFound } from './function-loader.ts';

/** The version a reference points at for whoever asks now. @throws ScatterError `VERSION_NOT_FOUND` */
export function targetOf(record: FunctionRecord, reference: Reference): number {
  if ('version' in reference) return existingVersion(record, reference.version);
  const version = aliasVersion(record, reference.alias);
  if (version === undefined) throw versionNotFound(record.name, reference.alias);
  return version;
}

/** @throws ScatterError `VERSION_NOT_FOUND` */
export function existingVersion(record: FunctionRecord, version: number): number {
  if (record.versions.includes(version)) return version;
  throw versionNotFound(record.name, version);
}

/** What a handle keeps of a record: the numbers of all versions may be many, and so may handles. */
export type Seen = Pick<FunctionRecord, 'latestVersion' | 'liveEpoch'>;

export function seenOf({ latestVersion, liveEpoch }: FunctionRecord): Seen {
  return { latestVersion, liveEpoch };
}

/** What a handle knew and has when the registry tells of a change. */
export interface Standing {
  readonly seen: Seen;
  readonly version: number;
  /** Whether the registry lost writes since `seen`: its numbers and epochs say nothing then. */
  readonly lost: boolean;
}

/** Where a handle that follows goes; undefined: it stays. */
export function followedVersion(
  reference: Reference,
  record: FunctionRecord,
  { seen, version, lost }: Standing,
): number | undefined {
  if ('version' in reference) return undefined;
  if (reference.alias !== LATEST) return aliasVersion(record, reference.alias);
  if (lost) return record.latest === version ? version : record.live;
  // A push with `updateExisting: false` moves `latest` and not `live`.
  return record.liveEpoch > seen.liveEpoch ? record.live : undefined;
}
