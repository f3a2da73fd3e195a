/** The slot of a namespace moves to another node of the cluster while all is in use. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistry } from '../../src/registry/open.ts';
import { redisKeys } from '../../src/registry/redis/keys.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { startCluster } from '../redis/servers/cluster.ts';
import { until } from '../redis/servers/until.ts';
import { Fleet } from './fleet.ts';
import { pushTo } from './real-world.ts';

const NAMESPACE = 'moving';

test('pushes and subscribers go on while the slot of their namespace moves through a cluster', async () => {
  await using cluster = await startCluster();
  const [first, ...others] = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`);
  const url = `redis://${[first, ...others].join(',')}?cluster`;
  const publisher = await openRegistry(url, NAMESPACE);
  try {
    await pushNext(publisher, 1);
    // One that knows a single node to begin with.
    const places = [url, url, `redis://${first}?cluster`].map((one) => ({
      url: one,
      namespace: NAMESPACE,
    }));
    await using fleet = await Fleet.start(places, ['moved', 'also']);
    const slot = await cluster.keySlot(redisKeys(NAMESPACE).functions);
    const pushing = new Pushing(publisher);
    for (const _ of cluster.nodes) {
      const owner = await cluster.slotOwner(redisKeys(NAMESPACE).functions);
      await pushing.more();
      await cluster.moveSlot(slot, { pauseHalfway: () => pushing.meets() });
      await pushing.more();
      assert.notEqual(await cluster.slotOwner(redisKeys(NAMESPACE).functions), owner);
    }
    const last = await pushing.end();
    await fleet.serves([`${last}: content ${last}`, `${last}: content ${last}`]);
    await checkGapless(publisher, last);
    for (const { losses, blocked } of await fleet.heard()) {
      assert.deepEqual({ losses, blocked }, { losses: 0, blocked: [] });
    }
  } finally {
    await publisher.close();
  }
});

/** Pushes one version after the other until it is ended. */
class Pushing {
  readonly #registry: Registry;
  readonly #running: Promise<void>;
  #done = 1;
  #isEnded = false;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#running = this.#push();
    // It is awaited in the end.
    this.#running.catch(() => undefined);
  }

  /** A few more were confirmed. */
  async more(): Promise<void> {
    const wanted = this.#done + 3;
    await until('more pushes', () => this.#done >= wanted || this.#failed());
  }

  /** While the slot is half here and half there, a push is under way; it need not succeed. */
  async meets(): Promise<void> {
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  }

  /** Answers the last version. */
  async end(): Promise<number> {
    this.#isEnded = true;
    await this.#running;
    return this.#done;
  }

  async #push(): Promise<void> {
    while (!this.#isEnded) {
      await pushNext(this.#registry, this.#done + 1);
      this.#done += 1;
    }
  }

  // Else a failure would only be seen as waiting without an end.
  async #failed(): Promise<undefined> {
    await Promise.race([this.#running, undefined]);
  }
}

async function pushNext(registry: Registry, version: number): Promise<void> {
  const content = `content ${version}`;
  const items = ['moved', 'also'].map((name) => ({ name, content }));
  const made = await pushTo(registry, { id: content, items, updateExisting: true });
  assert.deepEqual(
    made,
    items.map((item) => ({ ...item, version })),
  );
}

async function checkGapless(registry: Registry, last: number): Promise<void> {
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  for (const record of await registry.list()) assert.deepEqual(record.versions, numbers);
  assert.equal((await registry.head()).epoch, last);
}
