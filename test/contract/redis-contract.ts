import type { RedisOptions } from '../../src/registry/redis/address.ts';
import { openRedis } from '../../src/registry/redis.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { RedisServer } from '../redis/servers/server.ts';
import { registryContract } from './registry-contract.ts';

/** Runs the suite on servers that are emptied before each test; connections take the urls in turn. */
export function redisContract(
  name: string,
  servers: readonly RedisServer[],
  urls: readonly string[],
  redis: RedisOptions = {},
): void {
  registryContract(name, async () => {
    await Promise.all(servers.map((server) => server.command('FLUSHALL')));
    const opened: Registry[] = [];
    return {
      async open(namespace = 'default') {
        const url = urls[opened.length % urls.length] ?? '';
        const registry = openRedis(url, namespace, { redis });
        opened.push(registry);
        return registry;
      },
      async dispose() {
        await Promise.all(opened.map((registry) => registry.close()));
      },
    };
  });
}
