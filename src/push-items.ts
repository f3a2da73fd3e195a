import { randomUUID } from 'node:crypto';
import type { VersionInfo } from './model/version.ts';
import type { PushItem } from './registry/registry.ts';
import type { Runtime } from './runtime.ts';
import type { PushOptions } from './tracked.ts';

/** Makes versions in one atomic step; when it resolves, the handles here that follow serve them. */
export async function pushItems(
  runtime: Runtime,
  items: readonly PushItem[],
  { updateExisting = true, message }: Omit<PushOptions, 'expectLatest'>,
  author: string,
): Promise<VersionInfo[]> {
  const infos = await runtime.registry.push({
    id: randomUUID(),
    items,
    updateExisting,
    author,
    ...(message !== undefined && { message }),
  });
  await runtime.catchUp();
  return infos;
}
