import type { LocalCalls } from './local-calls.ts';
import type { Artifact } from './model/artifact.ts';
import { encodeArtifact } from './registry/artifact-blob.ts';
import type { PushItem } from './registry/registry.ts';
import {
  captureTracked,
  checkPushOptions,
  type PushOptions,
  type TrackedState,
} from './tracked.ts';

/** A push of one function, and what it is made of. */
export interface Prepared {
  readonly item: PushItem;
  readonly artifact: Artifact;
}

/**
 * What tracked functions put into a push. All are looked at before anything is waited for: they are
 * pushed as they are at this call.
 *
 * @throws ScatterError `CAPTURE_UNSUPPORTED`, `CONFIG_INVALID`
 */
export async function trackedItems(
  states: readonly TrackedState[],
  options: PushOptions,
  local: LocalCalls,
): Promise<PushItem[]> {
  checkPushOptions(options);
  const prepared = await Promise.all(
    states.map((state) => prepareTracked(state, options.expectLatest)),
  );
  const items = prepared.map(({ item }) => item);
  for (const [index, state] of states.entries()) local.pushed(state, items[index]?.digest ?? '');
  return items;
}

/** What a tracked function puts into a push: its code as it is now. */
export async function prepareTracked(
  state: TrackedState,
  expectLatest?: number,
): Promise<Prepared> {
  return prepare(state.name, await captureTracked(state), expectLatest);
}

/** What an artifact puts into a push. @throws ScatterError `SOURCE_INVALID`, `VALUE_TOO_LARGE` */
export function prepare(
  name: string,
  artifact: Artifact,
  expectLatest: number | undefined,
): Prepared {
  const item = {
    name,
    ...encodeArtifact(artifact),
    requires: artifact.requires,
    format: artifact.format,
    ...(expectLatest !== undefined && { expectLatest }),
  };
  return { item, artifact };
}
