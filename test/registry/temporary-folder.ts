import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Wraps a test in a folder of its own, which is gone afterwards. */
export function withFolder(test: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scatter-'));
    try {
      await test(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}
