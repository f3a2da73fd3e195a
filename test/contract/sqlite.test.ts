import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registry } from '../../src/registry/registry.ts';
import { openSqlite } from '../../src/registry/sqlite.ts';
import { registryContract } from './registry-contract.ts';

registryContract('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scatter-'));
  const opened: Registry[] = [];
  return {
    async open(namespace = 'default') {
      const registry = await openSqlite(join(folder, 'scatter.db'), namespace);
      opened.push(registry);
      return registry;
    },
    async dispose() {
      await Promise.all(opened.map((registry) => registry.close()));
      await rm(folder, { recursive: true });
    },
  };
});
