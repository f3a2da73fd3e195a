/** Programs whose registry is away when they start, or goes away: what they serve, and how they catch up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Execution } from '../../src/execution.ts';
import type { Logger } from '../../src/logger.ts';
import { parseReference } from '../../src/model/reference.ts';
import { resolveOptions } from '../../src/options.ts';
import { openMemory } from '../../src/registry/memory.ts';
import type { Handle } from '../../src/reload/handle.ts';
import { Runtime } from '../../src/runtime.ts';
import { pushValue } from '../registry/cache/support.ts';
import {
  type SwitchedRegistry,
  switched,
  unreachable,
} from '../registry/cache/switched-registry.ts';
import { withFolder } from '../registry/temporary-folder.ts';

const UNREACHABLE = { code: 'SCATTER_ERR_REGISTRY_UNREACHABLE' };

interface Place {
  readonly registry: SwitchedRegistry;
  /** A program that begins on the registry, with a cache that outlives it. */
  start(o?: { cached?: boolean; logged?: Started['logged'] }): Promise<Started>;
}

interface Started {
  readonly runtime: Runtime;
  readonly logged: { level: string; message: string }[];
  get(reference: string): Promise<Handle>;
  end(): Promise<void>;
}

function withPlace(test: (place: Place) => Promise<void>): () => Promise<void> {
  return withFolder(async (folder) => {
    const registry = switched(await openMemory(undefined, 'default'));
    // The store is in it, and outlives the programs.
    const open = async () =>
      Object.assign(Object.create(registry), { close: async () => undefined });
    const started: Started[] = [];
    const start: Place['start'] = async ({ cached = true, logged = [] } = {}) => {
      const program = await begin(open, cached ? folder : undefined, logged);
      started.push(program);
      return program;
    };
    try {
      await test({ registry, start });
    } finally {
      for (const program of started) await program.end();
    }
  });
}

async function begin(
  open: Parameters<typeof Runtime.open>[2],
  folder: string | undefined,
  logged: Started['logged'],
): Promise<Started> {
  const log = (level: string) => (_fields: object, message: string) =>
    logged.push({ level, message });
  const levels = ['debug', 'info', 'warn', 'error'].map((level) => [level, log(level)]);
  const logger: Logger = Object.fromEntries(levels);
  const cache = { folder, snapshot: undefined };
  const options = { ...resolveOptions({ url: 'memory:', logger }), cache };
  const execution = new Execution(options);
  const runtime = await Runtime.open(options, execution, open);
  const choices = { autoUpdate: true, warm: undefined, admit: () => undefined };
  const get = (reference: string) => runtime.openHandle(parseReference(reference), choices);
  return { runtime, logged, get, end: () => runtime.close() };
}

/** One run of a program that loads these. */
async function runOnce({ start }: Place, ...references: string[]): Promise<void> {
  const program = await start();
  for (const reference of references) await program.get(reference);
  await program.end();
}

describe('a program that starts while its registry is away', () => {
  it(
    'serves what ran last, and says since when',
    withPlace(async (place) => {
      const { registry, start } = place;
      await pushValue(registry, 'price', 1);
      await pushValue(registry, 'price', 2);
      await runOnce(place, 'price', 'price@1');
      const { generation, epoch } = await registry.head();
      registry.fail(unreachable());
      const { runtime, logged, get } = await start();
      assert.equal((await get('price')).loaded.version, 2);
      assert.equal((await get('price@1')).loaded.version, 1);
      const { cacheSince } = runtime;
      assert.ok(cacheSince);
      const state = { url: 'memory:', reachable: false, cacheSince, generation, epoch };
      assert.deepEqual(runtime.registryState, state);
      const message = `serving from cache since ${cacheSince.toISOString()}`;
      assert.deepEqual(logged, [{ level: 'warn', message }]);
      registry.heal();
      await runtime.catchUp();
      assert.deepEqual(runtime.registryState, {
        url: 'memory:',
        reachable: true,
        generation,
        epoch,
      });
      assert.deepEqual(logged.slice(1), [
        { level: 'warn', message: 'the registry answers again, after 0 s' },
      ]);
    }),
  );

  it(
    'refuses what asks for the truth, and goes on',
    withPlace(async (place) => {
      const { registry, start } = place;
      await pushValue(registry, 'price', 1);
      await runOnce(place, 'price');
      registry.fail(unreachable());
      const { runtime, get } = await start();
      const price = await get('price');
      await assert.rejects(price.pull(), UNREACHABLE);
      await assert.rejects(
        price.pin(() => 1),
        UNREACHABLE,
      );
      await assert.rejects(get('other'), UNREACHABLE);
      await assert.rejects(runtime.catchUp(), UNREACHABLE);
      assert.deepEqual([price.loaded.version, price.pinned], [1, false]);
    }),
  );

  it(
    'catches up by itself with what happened meanwhile',
    withPlace(async (place) => {
      const { registry, start } = place;
      for (const name of ['moved', 'deleted', 'same', 'aliased']) {
        await pushValue(registry, name, 1);
        await pushValue(registry, name, 2);
      }
      await registry.setAlias('aliased', 'stable', 1, 'test');
      await runOnce(place, 'moved', 'deleted', 'same', 'aliased@stable');
      await pushValue(registry, 'moved', 3);
      await registry.delete('deleted', 'test');
      await registry.setAlias('aliased', 'stable', 2, 'test');
      registry.fail(unreachable());
      const { runtime, get } = await start();
      const [moved, deleted, same] = [await get('moved'), await get('deleted'), await get('same')];
      const aliased = await get('aliased@stable');
      const pinned = await get('moved@2');
      assert.deepEqual([moved.loaded.version, aliased.loaded.version], [2, 1]);
      registry.heal();
      // Anything that is answered is enough to notice.
      const swapped = new Promise((resolve) => moved.events.once('swap', resolve));
      await runtime.registry.list();
      await swapped;
      await runtime.catchUp();
      assert.deepEqual([moved.loaded.version, aliased.loaded.version], [3, 2]);
      assert.deepEqual([same.loaded.version, pinned.loaded.version], [2, 2]);
      assert.throws(() => deleted.current, { code: 'SCATTER_ERR_FUNCTION_NOT_FOUND' });
      assert.equal(runtime.registryState.epoch, (await registry.head()).epoch);
    }),
  );

  it(
    'catches up with functions, too, that were seen before others changed',
    withPlace(async (place) => {
      const { registry, start } = place;
      await pushValue(registry, 'price', 1);
      await runOnce(place, 'price');
      await pushValue(registry, 'price', 2);
      await pushValue(registry, 'tax', 1);
      // It has read more of the log than the one that knew `price`.
      await runOnce(place, 'tax');
      registry.fail(unreachable());
      const { runtime, get } = await start();
      const price = await get('price');
      assert.equal(price.loaded.version, 1);
      registry.heal();
      await runtime.catchUp();
      assert.equal(price.loaded.version, 2);
    }),
  );

  it(
    'leaves what was pushed for those who ask, and not for those who run, to those who ask',
    withPlace(async (place) => {
      const { registry, start } = place;
      await pushValue(registry, 'price', 1);
      await runOnce(place, 'price');
      const digest = await pushValue(registry, 'other', 2);
      const blob = (await registry.artifact(digest)) ?? Buffer.of();
      const item = { name: 'price', digest, blob, bytes: 9, requires: [], format: 1 };
      const push = { id: 'quiet', items: [item], updateExisting: false, author: 'test' };
      await registry.push(push);
      registry.fail(unreachable());
      const { runtime, get } = await start();
      const price = await get('price');
      registry.heal();
      await runtime.catchUp();
      assert.equal(price.loaded.version, 1);
      assert.equal((await get('price')).loaded.version, 2);
    }),
  );

  it(
    'follows a registry whose data was lost and made anew',
    withPlace(async (place) => {
      const { registry, start } = place;
      for (const value of [1, 2, 3]) await pushValue(registry, 'price', value);
      await runOnce(place, 'price');
      registry.fail(unreachable());
      const { runtime, get } = await start();
      const price = await get('price');
      const before = price.loaded.digest;
      registry.replace(await openMemory(undefined, 'default'));
      registry.heal();
      await pushValue(registry, 'price', 7);
      await runtime.catchUp();
      assert.equal(price.loaded.version, 1);
      assert.notEqual(price.loaded.digest, before);
    }),
  );

  it(
    'follows, too, when others had seen the loss before it started',
    withPlace(async (place) => {
      const { registry, start } = place;
      for (const value of [1, 2, 3]) await pushValue(registry, 'price', value);
      await runOnce(place, 'price');
      registry.replace(await openMemory(undefined, 'default'));
      await pushValue(registry, 'tax', 1);
      const digest = await pushValue(registry, 'price', 7);
      await runOnce(place, 'tax');
      registry.fail(unreachable());
      const { runtime, get } = await start();
      const price = await get('price');
      assert.equal(price.loaded.version, 3);
      registry.heal();
      await runtime.catchUp();
      assert.deepEqual([price.loaded.version, price.loaded.digest], [1, digest]);
    }),
  );

  it(
    'cannot start if nothing is cached, and may be tried again',
    withPlace(async ({ registry, start }) => {
      await pushValue(registry, 'price', 1);
      registry.fail(unreachable());
      const logged: Started['logged'] = [];
      await assert.rejects(start({ logged }), {
        ...UNREACHABLE,
        message: /there is no cache of it/,
      });
      assert.deepEqual(logged, []);
      await assert.rejects(start({ cached: false }), {
        ...UNREACHABLE,
        message: 'the test cut the connection',
      });
      registry.heal();
      assert.equal((await (await start()).get('price')).loaded.version, 1);
    }),
  );
});

describe('a program whose registry goes away while it runs', () => {
  it(
    'goes on, opens what it knows, and follows again when it is back',
    withPlace(async (place) => {
      const { registry, start } = place;
      await pushValue(registry, 'price', 1);
      const { runtime, logged, get } = await start();
      const price = await get('price');
      registry.fail(unreachable());
      for (let n = 0; n < 3; n++) await assert.rejects(runtime.catchUp(), UNREACHABLE);
      const second = await get('price');
      assert.equal(second.loaded, price.loaded);
      registry.heal();
      await pushValue(registry, 'price', 2);
      await runtime.catchUp();
      assert.deepEqual([price.loaded.version, second.loaded.version], [2, 2]);
      assert.deepEqual(
        logged.map(({ level }) => level),
        ['warn', 'warn'],
      );
    }),
  );

  it(
    'says without a cache, too, that it does not answer',
    withPlace(async (place) => {
      const { registry, start } = place;
      await pushValue(registry, 'price', 1);
      const { runtime, logged, get } = await start({ cached: false });
      await get('price');
      registry.fail(unreachable());
      for (let n = 0; n < 2; n++) await assert.rejects(get('price'), UNREACHABLE);
      assert.equal(runtime.registryState.reachable, false);
      assert.match(logged[0]?.message ?? '', /^the registry does not answer since /);
      assert.equal(logged.length, 1);
    }),
  );
});
