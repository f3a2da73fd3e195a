import { encodeArtifact } from './registry/artifact-blob.ts';
import type { PushItem } from './registry/registry.ts';
import { captureTracked, type TrackedState } from './tracked.ts';

/** What a tracked function puts into a push: its code as it is now. */
export async function pushItem(
  state: TrackedState,
  expectLatest: number | undefined,
): Promise<PushItem> {
  const artifact = await captureTracked(state);
  return {
    name: state.name,
    ...encodeArtifact(artifact),
    requires: artifact.requires,
    format: artifact.format,
    ...(expectLatest !== undefined && { expectLatest }),
  };
}
