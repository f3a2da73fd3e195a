import { randomBytes } from 'node:crypto';
import { isScatterError } from '../../src/errors.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { item, request } from '../contract/push-requests.ts';

// Two functions a push, so that half a push would show.
const BLOB_BYTES = 20_000;

/**
 * Pushes until the registry has no room left, and tells what does not add up then; an empty text when
 * everything does.
 */
export async function fill(registry: Registry): Promise<string> {
  const before = await registry.head();
  let done = 0;
  let failure: unknown;
  while (failure === undefined && done < 1000) {
    try {
      await pushPair(registry, `${before.epoch} ${done}`);
      done += 1;
    } catch (error) {
      failure = error;
    }
  }
  if (!isScatterError(failure, 'SCATTER_ERR_REGISTRY_FULL')) return `got ${String(failure)}`;
  const { epoch } = await registry.head();
  if (epoch !== before.epoch + done) return `epoch ${epoch} after ${done} pushes`;
  for (const record of await registry.list()) {
    if (record.latest !== epoch) return `${record.name} at ${record.latest}, epoch ${epoch}`;
  }
  return '';
}

/** Pushes a new version of `one` and of `two`. */
export async function pushPair(registry: Registry, content: string): Promise<void> {
  const blob = randomBytes(BLOB_BYTES);
  const items = ['one', 'two'].map((name) => item(name, `${name} ${content}`, { blob }));
  await registry.push(request(items));
}
