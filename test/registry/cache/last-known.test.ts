/** What is answered while a registry is away, and that nothing else is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScatterError } from '../../../src/errors.ts';
import { pushValue, withPlace } from './support.ts';
import { unreachable } from './switched-registry.ts';

const UNREACHABLE = 'SCATTER_ERR_REGISTRY_UNREACHABLE';

describe('a registry that is away', () => {
  it(
    'is answered for with what programs here loaded last, to those that start now, too',
    withPlace(async ({ registry, start }) => {
      await pushValue(registry, 'price', 1);
      const digest = await pushValue(registry, 'price', 2);
      await registry.setAlias('price', 'stable', 1, 'test');
      const first = await start();
      await first.load('price');
      const head = await registry.head();
      const record = await registry.find('price');
      const info = await registry.version('price', 2);
      const blob = await registry.artifact(digest);
      await first.end();
      registry.fail(unreachable());
      for (const { known } of [first, await start()]) {
        assert.deepEqual(await known.head(), head);
        assert.deepEqual(await known.find('price'), record);
        assert.deepEqual(await known.version('price', 2), info);
        assert.deepEqual(
          Buffer.from((await known.artifact(digest)) ?? []),
          Buffer.from(blob ?? []),
        );
      }
    }),
  );

  it(
    'is not answered for when it is asked itself',
    withPlace(async ({ registry, start }) => {
      await pushValue(registry, 'price', 1);
      const program = await start();
      await program.load('price');
      const head = await registry.head();
      registry.fail(unreachable());
      const asked = program.registry;
      await assert.rejects(asked.find('price'), { code: UNREACHABLE });
      await assert.rejects(asked.changes(head), { code: UNREACHABLE });
      await assert.rejects(asked.list(), { code: UNREACHABLE });
      await assert.rejects(asked.versions('price'), { code: UNREACHABLE });
      await assert.rejects(asked.log({ limit: 1 }), { code: UNREACHABLE });
      await assert.rejects(pushValue(asked, 'price', 2), { code: UNREACHABLE });
    }),
  );

  it(
    'is told once when it goes and once when it is back, and asks to be looked at then',
    withPlace(async ({ registry, start }) => {
      await pushValue(registry, 'price', 1);
      const program = await start();
      await program.load('price');
      let hints = 0;
      program.registry.watch(() => {
        hints += 1;
      });
      const awaySince = () => program.registry.reach.awaySince;
      assert.equal(awaySince(), undefined);
      const fault = unreachable();
      registry.fail(fault);
      for (let n = 0; n < 3; n++) await program.load('price');
      await assert.rejects(program.registry.list());
      assert.deepEqual(program.away, [fault]);
      const since = awaySince();
      assert.ok(since instanceof Date);
      registry.heal();
      assert.deepEqual([program.back.length, hints], [0, 0]);
      await program.registry.list();
      assert.deepEqual([program.back, hints], [[since], 1]);
      assert.equal(awaySince(), undefined);
      await program.load('price');
      assert.equal(program.away.length, 1);
    }),
  );

  it(
    'is not waited for when it does not answer, and not asked again until something was answered',
    withPlace(async ({ registry, start }) => {
      await pushValue(registry, 'price', 1);
      const first = await start();
      await first.load('price');
      await first.end();
      registry.fail('never');
      const program = await start();
      await program.load('price');
      assert.equal(program.away.length, 1);
      const { asked } = registry;
      await program.load('price');
      assert.equal(registry.asked, asked);
      registry.heal();
      await program.registry.list();
      await pushValue(registry, 'price', 2);
      assert.equal((await program.known.find('price'))?.latest, 2);
    }),
  );

  it(
    'is away only if it is unreachable: what else is wrong stays as loud as it is',
    withPlace(async ({ registry, start }) => {
      await pushValue(registry, 'price', 1);
      const program = await start();
      await program.load('price');
      registry.fail(new ScatterError('SCATTER_ERR_CONFIG_INVALID', 'wrong password'));
      await assert.rejects(program.known.head(), { code: 'SCATTER_ERR_CONFIG_INVALID' });
      await assert.rejects(program.known.find('price'), { code: 'SCATTER_ERR_CONFIG_INVALID' });
      assert.deepEqual(program.away, []);
    }),
  );

  it(
    'stays unreachable for what is not cached, and the error says where was looked',
    withPlace(async ({ registry, start, folder }) => {
      await pushValue(registry, 'price', 1);
      await pushValue(registry, 'other', 1);
      const fault = unreachable();
      registry.fail(fault);
      const empty = await start();
      await assert.rejects(empty.known.head(), ({ code, message, cause: inner }: ScatterError) => {
        assert.equal(code, UNREACHABLE);
        assert.match(message, /^the test cut the connection; and there is no cache of it .* in /);
        assert.ok(message.includes(folder));
        assert.equal(inner, fault);
        return true;
      });
      registry.heal();
      const program = await start();
      await program.load('price');
      registry.fail(unreachable());
      await assert.rejects(program.known.find('other'), { code: UNREACHABLE, message: /`other`/ });
      await assert.rejects(program.known.version('price', 7), {
        code: UNREACHABLE,
        message: /`price@7`/,
      });
    }),
  );

  it(
    'is unreachable as it is where there is no cache',
    withPlace(async ({ registry, start }) => {
      const program = await start({ folder: undefined });
      const fault = unreachable();
      registry.fail(fault);
      await assert.rejects(program.known.find('price'), fault);
      assert.deepEqual([program.away, program.back.length], [[fault], 0]);
      registry.heal();
      await program.known.head();
      assert.equal(program.back.length, 1);
    }),
  );

  it(
    'is answered for with caches of that registry and namespace only',
    withPlace(async ({ registry, start, other }) => {
      await pushValue(registry, 'price', 1);
      const program = await start();
      await program.load('price');
      await program.end();
      for (const place of [await other({ namespace: 'b' }), await other({ url: 'elsewhere' })]) {
        place.registry.fail(unreachable());
        const { known } = await place.start();
        await assert.rejects(known.head(), { code: UNREACHABLE });
        await assert.rejects(known.find('price'), { code: UNREACHABLE });
      }
    }),
  );

  it(
    'does not bring back a function that was seen to be deleted',
    withPlace(async ({ registry, start }) => {
      await pushValue(registry, 'price', 1);
      const program = await start();
      await program.load('price');
      await program.end();
      await registry.delete('price', 'test');
      assert.equal(await program.registry.find('price'), undefined);
      registry.fail(unreachable());
      await assert.rejects(program.known.find('price'), { code: UNREACHABLE });
    }),
  );
});

describe('what was answered in place of a registry', () => {
  it(
    'is among its changes until those who believed it have heard the truth',
    withPlace(async ({ registry, start }) => {
      await pushValue(registry, 'price', 1);
      const first = await start();
      await first.load('price');
      await first.end();
      registry.fail(unreachable());
      const program = await start();
      const head = await program.known.head();
      await program.known.find('price');
      registry.heal();
      await pushValue(registry, 'tax', 1);
      const { names } = await program.registry.changes(head);
      assert.deepEqual(names, ['tax', 'price']);
      const after = (await program.registry.changes(head)).head;
      assert.deepEqual((await program.registry.changes(after)).names, ['price']);
      program.registry.settle(['price']);
      assert.deepEqual((await program.registry.changes(after)).names, []);
    }),
  );
});
