import type { LocalCalls } from './local-calls.ts';
import { encodeArtifact } from './registry/artifact-blob.ts';
import type { PushItem } from './registry/registry.ts';
import {
  captureTracked,
  checkPushOptions,
  type PushOptions,
  type TrackedState,
} from './tracked.ts';

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
  const items = await Promise.all(states.map((state) => pushItem(state, options.expectLatest)));
  for (const [index, state] of states.entries()) local.pushed(state, items[index]?.digest ?? '');
  return items;
}

async function pushItem(state: TrackedState, expectLatest: number | undefined): Promise<PushItem> {
  const artifact = await captureTracked(state);
  return {
    name: state.name,
    ...encodeArtifact(artifact),
    requires: artifact.requires,
    format: artifact.format,
    ...(expectLatest !== undefined && { expectLatest }),
  };
}
