import type { CallSettings } from './call-options.ts';
import { checkProvided } from './capability-set.ts';
import { captureSource, type SourceText } from './capture/index.ts';
import type { Execution } from './execution.ts';
import { LoadedSource } from './loaded-source.ts';
import { checkFunctionName } from './model/function-name.ts';
import type { GuestFunction } from './model/guest-function.ts';
import { type Prepared, prepare } from './push-item.ts';
import { encodeArtifact } from './registry/artifact-blob.ts';
import {
  type LoadOptions,
  loadChoices,
  type PushSourceOptions,
  pushChoices,
} from './source-options.ts';

/** What code that comes as text puts into a push. @throws ScatterError `SOURCE_INVALID`, `CONFIG_INVALID` */
export async function prepareSource(
  name: string,
  source: SourceText,
  options: PushSourceOptions,
): Promise<Prepared> {
  const choices = pushChoices(options);
  const checked = checkFunctionName(name);
  return prepare(checked, await captureSource(source, choices), options.expectLatest);
}

/**
 * Loads code that comes as text into an isolate.
 *
 * @param settings with which it is going to be called
 * @throws ScatterError `SOURCE_INVALID`, `CONFIG_INVALID`, `CAPABILITY_MISSING`, and what loading
 * gives
 */
export async function loadSource(
  source: SourceText,
  options: LoadOptions,
  execution: Execution,
  settings: CallSettings,
): Promise<LoadedSource> {
  const choices = loadChoices(options);
  const name = checkFunctionName(options.name ?? execution.nextName());
  const artifact = await captureSource(source, choices);
  const { digest } = encodeArtifact(artifact);
  const target: GuestFunction = { name, version: 0, digest, artifact };
  checkProvided(target, settings.capabilities);
  const { memoryMb, cpuMs } = settings.limits;
  await execution.warm(target, undefined, { memoryMb, cpuMs });
  return new LoadedSource(target, execution.leases);
}
