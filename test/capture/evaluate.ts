import { runInNewContext } from 'node:vm';
import type { Artifact } from '../../src/model/artifact.ts';

type Loaded = (...args: readonly unknown[]) => unknown;

/** Runs an artifact in a realm of its own, with the few globals of the guest that tests use. */
export function evaluate(
  artifact: Artifact,
  link: (index: number) => unknown = () => undefined,
  capability: (index: number) => unknown = () => undefined,
): Loaded {
  const globals = { console, setTimeout, URL };
  const load = runInNewContext(`(${artifact.code})\n//# sourceURL=artifact`, globals) as (
    scatter: object,
  ) => Loaded;
  return load({ link, capability });
}
