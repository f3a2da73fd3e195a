import { openRedis } from '../../src/registry/redis.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { request } from '../../test/contract/push-requests.ts';
import { startProxy } from '../../test/redis/servers/proxy.ts';
import { type RedisServer, startRedis } from '../../test/redis/servers/server.ts';
import { followedItem, type Subscribers, startSubscribers } from '../../test/redis/subscribers.ts';
import { median, quantile } from '../measure.ts';
import { type CaseResult, type GroupResult, rounded } from '../report.ts';

const FUNCTION_BYTES = 2000;

/** A push over Redis until each of some other processes serves it, and what that puts on the wire. */
export async function measureRegistry(quick: boolean): Promise<GroupResult> {
  const cases: CaseResult[] = [];
  const ratios: Record<string, number> = {};
  for (const processes of quick ? [1, 2] : [1, 100]) {
    cases.push(...(await measureTimes(processes, quick ? 3 : 30)));
    ratios[`redisUpdateBytesFor${processes}`] = await measureBytes(processes, quick ? 2 : 10);
  }
  return { cases, ratios };
}

async function measureTimes(processes: number, pushes: number): Promise<CaseResult[]> {
  await using server = await startRedis();
  const answered = new Float64Array(pushes);
  const served: number[] = [];
  await withSubscribers(server, server.url, processes, async (registry, subscribers) => {
    for (let n = 0; n < pushes; n += 1) {
      const start = performance.timeOrigin + performance.now();
      await registry.push(request([followedItem(FUNCTION_BYTES)]));
      answered[n] = (performance.timeOrigin + performance.now() - start) * 1000;
      const arrivals = await subscribers.all(n + 3);
      served.push(...arrivals.map((at) => (at - start) * 1000));
      await announced(registry, processes);
    }
  });
  const others = `${processes} other process${processes === 1 ? '' : 'es'}`;
  return [
    resultOf(`push, followed by ${others}`, answered),
    resultOf(`served by ${others}`, Float64Array.from(served)),
  ];
}

/** All bytes of one update, both ways: of the push, and of each subscriber until it has said so. */
async function measureBytes(processes: number, pushes: number): Promise<number> {
  await using server = await startRedis();
  await using proxy = await startProxy({ port: server.port });
  const bytes: number[] = [];
  await withSubscribers(server, proxy.url, processes, async (registry) => {
    const publisher = openRedis(proxy.url, 'default');
    try {
      await publisher.head();
      for (let n = 0; n < pushes; n += 1) {
        proxy.resetBytes();
        await publisher.push(request([followedItem(FUNCTION_BYTES)]));
        await announced(registry, processes);
        bytes.push(proxy.bytes.toServer + proxy.bytes.toClient);
      }
    } finally {
      await publisher.close();
    }
  });
  return rounded(median(bytes));
}

/** With some processes that serve version 2 of the followed function, connected through `url`. */
async function withSubscribers(
  server: RedisServer,
  url: string,
  processes: number,
  use: (registry: Registry, subscribers: Subscribers) => Promise<void>,
): Promise<void> {
  const registry = openRedis(server.url, 'default');
  try {
    await registry.push(request([followedItem(FUNCTION_BYTES)]));
    await using subscribers = await startSubscribers(url, { processes, each: 1 });
    await subscribers.all(1);
    await registry.push(request([followedItem(FUNCTION_BYTES)]));
    await subscribers.all(2);
    await announced(registry, processes);
    await use(registry, subscribers);
  } finally {
    await registry.close();
  }
}

/** Waits until all say that they are where the registry is. */
async function announced(registry: Registry, processes: number): Promise<void> {
  const { epoch } = await registry.head();
  for (;;) {
    const there = (await registry.instances()).filter((one) => one.epoch === epoch);
    if (there.length === processes) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function resultOf(name: string, latencies: Float64Array): CaseResult {
  latencies.sort();
  const p50Us = quantile(latencies, 0.5);
  return {
    case: name,
    p50Us: rounded(p50Us),
    p99Us: rounded(quantile(latencies, 0.99)),
    opsPerSec: rounded(1_000_000 / p50Us),
    samples: latencies.length,
  };
}
