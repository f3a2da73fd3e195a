import { randomUUID } from 'node:crypto';
import { openMemory } from '../../src/registry/memory.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { registryContract } from './registry-contract.ts';

registryContract('memory', async () => {
  const name = randomUUID();
  const opened: Registry[] = [];
  return {
    async open(namespace = 'default') {
      const registry = await openMemory(name, namespace);
      opened.push(registry);
      return registry;
    },
    async dispose() {
      await Promise.all(opened.map((registry) => registry.close()));
    },
  };
});
