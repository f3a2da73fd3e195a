import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openRedis } from '../../src/registry/redis.ts';
import { request } from '../contract/push-requests.ts';
import { startRedis } from './servers/server.ts';
import { followedItem, startSubscribers, wireBytes } from './subscribers.ts';

const PROCESSES = 5;
const EACH = 100;
const MEGABYTE = 1_000_000;

describe('500 subscribers', () => {
  it('all serve a new version of 1 MB, which each process fetches once', async (t) => {
    await using server = await startRedis();
    const registry = openRedis(server.url, 'default');
    t.after(() => registry.close());
    await registry.push(request([followedItem(100)]));
    await using subscribers = await startSubscribers(server.url, {
      processes: PROCESSES,
      each: EACH,
    });
    assert.equal((await subscribers.all(1)).length, PROCESSES * EACH);
    // The first time nobody has counted how many listen; the second time they spread out.
    for (const version of [2, 3]) {
      const before = await wireBytes(server);
      const start = performance.timeOrigin + performance.now();
      await registry.push(request([followedItem(MEGABYTE)]));
      const arrivals = await subscribers.all(version);
      const sent = (await wireBytes(server)).sent - before.sent;
      t.diagnostic(`${timesText(arrivals.map((at) => at - start))}; sent ${sent} bytes`);
      assert.equal(arrivals.length, PROCESSES * EACH);
      assert.ok(sent > PROCESSES * MEGABYTE);
      assert.ok(sent < (PROCESSES + 1) * MEGABYTE + PROCESSES * EACH * 4000);
    }
  });
});

function timesText(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const [p50 = 0, max = 0] = [sorted[sorted.length >> 1], sorted.at(-1)];
  return `served by all: p50 ${p50.toFixed(0)} ms, max ${max.toFixed(0)} ms`;
}
