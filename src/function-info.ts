import type { FunctionInfo } from './model/version.ts';
import type { FunctionRecord } from './registry/registry.ts';

/** A registry's record as `list()` shows it. */
export function functionInfo(record: FunctionRecord): FunctionInfo {
  const { name, latest, latestVersion, versions, aliases, updatedAt } = record;
  return { name, latest, latestVersion, versions: versions.length, aliases, updatedAt };
}
