import { encodeArtifact } from '../../src/registry/artifact-blob.ts';
import type { PushItem } from '../../src/registry/registry.ts';
import type { ModelItem } from './model.ts';

const items = new Map<string, Omit<PushItem, 'name'>>();
const contents = new Map<string, string>();

/** A function that gives `content`, as a push takes it: a real artifact, which handles decode. */
export function itemOf({ name, content, expectLatest }: ModelItem): PushItem {
  const item = items.get(content) ?? madeItem(content);
  return { name, ...item, ...(expectLatest !== undefined && { expectLatest }) };
}

/** What an artifact of {@link itemOf} contains. */
export function contentOf(digest: string): string {
  return contents.get(digest) ?? `unknown content ${digest}`;
}

function madeItem(content: string): Omit<PushItem, 'name'> {
  const code = `() => () => ${JSON.stringify(content)}`;
  const origin = { source: content, map: '', captured: [] };
  const artifact = { format: 1, code, links: [], requires: [], origin };
  const item = { ...encodeArtifact(artifact), requires: [], format: 1 };
  items.set(content, item);
  contents.set(item.digest, content);
  return item;
}
