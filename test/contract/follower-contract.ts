/** The change log and its hints: what lets a follower end at the truth, whatever it missed. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FunctionRecord, Head, Registry } from '../../src/registry/registry.ts';
import { item, request } from './push-requests.ts';
import type { UseStore } from './registry-contract.ts';

export function followerSuite(withStore: UseStore): void {
  changesSuite(withStore);
  logSuite(withStore);
  hintSuite(withStore);
  it(
    'a follower that pauses, and one that comes late, end at the truth',
    withStore(async (store) => {
      const registry = await store.open();
      const steady = new Follower(await store.open());
      const drowsy = new Follower(await store.open());
      for (let round = 0; round < 40; round++) {
        await somethingHappens(registry, round);
        await steady.catchUp();
        if (round % 7 === 3) await drowsy.catchUp();
      }
      const late = new Follower(await store.open());
      const truth = new Map((await registry.list()).map((record) => [record.name, record]));
      for (const follower of [steady, drowsy, late]) {
        await follower.catchUp();
        assert.deepEqual(follower.known, truth);
      }
    }),
  );
}

function changesSuite(withStore: UseStore): void {
  it(
    'changes() names what changed since, each once, oldest first',
    withStore(async (store) => {
      const registry = await store.open();
      const start = await registry.head();
      assert.deepEqual(await registry.changes(start), { head: start, names: [] });
      for (const name of ['b', 'a', 'b', 'c']) {
        await registry.push(request([item(name, Math.random().toString())]));
      }
      const { head, names } = await registry.changes(start);
      assert.deepEqual(names, ['b', 'a', 'c']);
      assert.deepEqual(head, await registry.head());
      await registry.delete('a', 'tester');
      assert.deepEqual((await registry.changes(head)).names, ['a']);
    }),
  );

  it(
    'changes() says all when the generation is another or the epoch is ahead',
    withStore(async (store) => {
      const registry = await store.open();
      const head = await registry.head();
      const other = { ...head, generation: 'another' };
      assert.deepEqual(await registry.changes(other), { head, names: 'all' });
      const ahead = { ...head, epoch: head.epoch + 1 };
      assert.deepEqual(await registry.changes(ahead), { head, names: 'all' });
    }),
  );
}

function logSuite(withStore: UseStore): void {
  it(
    'log() tells who did what, newest first, of all functions or of one',
    withStore(async (store) => {
      const registry = await store.open();
      await registry.push(request([item('add', 'a')], { message: 'hello', author: 'ada' }));
      await registry.push(request([item('add', 'b'), item('sub', 'a')]));
      await registry.setAlias('add', 'stable', 1, 'bob');
      await registry.moveAll('add', 1, 'bob');
      await registry.rollback('add', 'bob');
      await registry.prune('add', 9, [], 'bob');
      await registry.delete('add', 'bob');
      const entries = await registry.log({ name: 'add', limit: 100 });
      assert.deepEqual(entries.map(({ action, version }) => [action, version]).reverse(), [
        ['push', 1],
        ['push', 2],
        ['alias', 1],
        ['move', 1],
        ['rollback', 2],
        ['delete', undefined],
      ]);
      const { at, epoch, ...first } = entries.at(-1) ?? assert.fail();
      assert.deepEqual(first, {
        name: 'add',
        action: 'push',
        version: 1,
        author: 'ada',
        message: 'hello',
      });
      assert.ok(at instanceof Date);
      assert.equal(epoch, 1);
      const [newest] = await registry.log({ limit: 1 });
      assert.deepEqual(newest, entries[0]);
      assert.equal((await registry.log({ limit: 100 })).length, 7);
      assert.deepEqual(await registry.log({ limit: 0 }), []);
      assert.deepEqual(await registry.log({ name: 'never', limit: 9 }), []);
    }),
  );
}

function hintSuite(withStore: UseStore): void {
  it(
    'watch() hints at the writes of others and at own ones, after the write',
    withStore(async (store) => {
      const [watching, other] = [await store.open(), await store.open()];
      for (const writer of [watching, other]) {
        const hint = Promise.withResolvers<void>();
        let writing = true;
        const stop = watching.watch(() => {
          assert.ok(!writing || writer === other, 'own hints come after the write');
          hint.resolve();
        });
        const write = writer.push(request([item('add', Math.random().toString())]));
        await write;
        writing = false;
        await settledWithTimer(hint.promise);
        stop();
      }
    }),
  );

  it(
    'watch() hints no more after its end was called, and others go on',
    withStore(async (store) => {
      const registry = await store.open();
      let calls = 0;
      const listener = () => {
        calls += 1;
      };
      const stop = registry.watch(listener);
      const hint = Promise.withResolvers<void>();
      const stopOther = registry.watch(hint.resolve);
      stop();
      stop();
      await registry.push(request([item('add', 'a')]));
      await settledWithTimer(hint.promise);
      assert.equal(calls, 0);
      stopOther();
    }),
  );
}

/** Knows the functions as a program does that reads only what changes() names. */
class Follower {
  readonly known = new Map<string, FunctionRecord>();
  readonly #registry: Registry;
  #seen: Head = { generation: '', epoch: 0 };

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  async catchUp(): Promise<void> {
    const { head, names } = await this.#registry.changes(this.#seen);
    if (names === 'all') {
      this.known.clear();
      for (const record of await this.#registry.list()) this.known.set(record.name, record);
    } else {
      for (const name of names) await this.#reread(name);
    }
    this.#seen = head;
  }

  async #reread(name: string): Promise<void> {
    const record = await this.#registry.find(name);
    if (record === undefined) this.known.delete(name);
    else this.known.set(name, record);
  }
}

async function somethingHappens(registry: Registry, round: number): Promise<void> {
  const name = `f${round % 5}`;
  const record = await registry.find(name);
  if (record === undefined || round % 4 < 2) {
    const updateExisting = round % 3 > 0;
    await registry.push(request([item(name, `round ${round}`)], { updateExisting }));
  } else if (round % 4 === 2) {
    await registry.moveAll(name, record.versions[0] ?? 1, 'tester');
  } else if (round % 8 === 3) {
    await registry.delete(name, 'tester');
  } else {
    await registry.setAlias(name, 'stable', record.latest, 'tester');
  }
}

// Registries keep no program alive, so while a test waits for one a timer must.
async function settledWithTimer(promise: Promise<void>): Promise<void> {
  const alive = setInterval(() => undefined, 1000);
  try {
    await promise;
  } finally {
    clearInterval(alive);
  }
}
