/** Connections that are dead and look alive: nothing arrives, and nothing says so. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createScatter } from '../../src/index.ts';
import { openRegistry } from '../../src/registry/open.ts';
import { startProxy } from '../redis/servers/proxy.ts';
import { startRedis } from '../redis/servers/server.ts';
import { until } from '../redis/servers/until.ts';
import { Fleet } from './fleet.ts';
import { pushTo } from './real-world.ts';

const server = await startRedis();
after(() => server.stop());

/** A poll, and then the time that a connection is given on which nothing moves. */
const NOTICED_MS = 30_000;

test('a subscriber whose connection died unseen makes another one, and learns of what it missed', async (t) => {
  const namespace = 'unseen';
  // The connection that it has leads through both, later ones only through the first.
  await using second = await startProxy(server);
  await using first = await startProxy(second);
  const publisher = await openRegistry(server.url, namespace);
  t.after(() => publisher.close());
  await push('a');
  await using fleet = await Fleet.start([{ url: first.url, namespace }], ['f']);
  second.stall();
  first.setTarget(server.port);
  await push('b');
  const start = performance.now();
  await fleet.serves(['2: b']);
  t.diagnostic(`learned after ${Math.round(performance.now() - start)} ms`);

  async function push(content: string): Promise<void> {
    const items = [{ name: 'f', content }];
    await pushTo(publisher, { id: content, items, updateExisting: true });
  }
});

test('while nothing passes a subscriber says so, and soon after it heals it has what it missed', async (t) => {
  const namespace = 'silent';
  await using network = await startProxy(server);
  const publisher = await openRegistry(server.url, namespace);
  t.after(() => publisher.close());
  await pushTo(publisher, pushOf('a'));
  const said: string[] = [];
  const note = (_: object, message: string): void => void said.push(message);
  const ignore = (): void => undefined;
  await using scatter = createScatter({
    url: network.url,
    namespace,
    isolation: 'none',
    cacheDir: false,
    logger: { debug: ignore, info: note, warn: note, error: note },
  });
  const f = await scatter.get('f');
  network.stall();
  await pushTo(publisher, pushOf('b'));
  const isSaid = () => said.some((line) => /does not answer/.test(line)) || undefined;
  await until('a word about it', isSaid, { withinMs: NOTICED_MS });
  assert.equal((await scatter.stats()).registry?.reachable, false);
  assert.equal(f.version, 1);
  await network.heal();
  const start = performance.now();
  await until('the version', () => f.version === 2 || undefined, { withinMs: NOTICED_MS });
  t.diagnostic(`learned ${Math.round(performance.now() - start)} ms after it healed`);
  assert.equal((await scatter.stats()).registry?.reachable, true);
  assert.ok(said.some((line) => /answers again/.test(line)));
});

function pushOf(content: string) {
  return { id: content, items: [{ name: 'f', content }], updateExisting: true };
}
