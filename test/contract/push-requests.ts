import { createHash, randomUUID } from 'node:crypto';
import type { PushItem, PushRequest, Registry } from '../../src/registry/registry.ts';

/** A push item whose digest follows from `content`; registries do not look into blobs. */
export function item(name: string, content: string, more: Partial<PushItem> = {}): PushItem {
  const blob = new TextEncoder().encode(`blob of ${content}`);
  const digest = createHash('sha256').update(content).digest('hex');
  return { name, digest, blob, bytes: content.length, requires: ['db'], format: 1, ...more };
}

/** A push of its own id by `tester`. */
export function request(
  items: readonly PushItem[],
  more: Partial<Omit<PushRequest, 'items'>> = {},
): PushRequest {
  return { id: randomUUID(), items, updateExisting: true, author: 'tester', ...more };
}

/** Pushes one content after the other; the versions that came of it. */
export async function pushAll(
  registry: Registry,
  name: string,
  contents: string[],
): Promise<number[]> {
  const versions: number[] = [];
  for (const content of contents) {
    const [made] = await registry.push(request([item(name, content)]));
    if (made !== undefined) versions.push(made.version);
  }
  return versions;
}
