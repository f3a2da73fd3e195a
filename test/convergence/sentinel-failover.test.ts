/** A replica takes over, with all writes of the old master or without the last ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistry } from '../../src/registry/open.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { type SentinelGroup, startSentinelGroup } from '../redis/servers/sentinel.ts';
import { Fleet } from './fleet.ts';
import { pushTo } from './real-world.ts';

const NAMESPACE = 'default';

for (const keepMaster of [false, true]) {
  const end = keepMaster ? 'is demoted' : 'dies';
  test(`when a master ${end} with writes that no replica has, all go back to what is left, and say so`, async (t) => {
    await using group = await startSentinelGroup();
    const url = urlOf(group);
    const publisher = await openRegistry(url, NAMESPACE);
    t.after(() => publisher.close());
    await push(publisher, { kept: 'a', changed: 'a' });
    await push(publisher, { changed: 'b' });
    // It waits for what its own connection wrote, and so for all before that.
    await group.master.command('SET', 'mark', '1');
    await group.master.command('WAIT', '1', '0');
    group.isolateReplica();
    await push(publisher, { changed: 'lost', young: 'lost' });
    const places = Array.from({ length: 3 }, () => ({ url, namespace: NAMESPACE }));
    await using fleet = await Fleet.start(places, ['kept', 'changed', 'changed@2', 'young']);
    await fleet.serves(['1: a', '3: lost', '2: b', '1: lost']);
    const before = await publisher.head();
    await group.failover({ lose: true, keepMaster });
    const since = performance.now();
    // Nobody pushes: they find out by themselves. What is not there any more goes on running.
    await fleet.serves(['1: a', '2: b', '2: b', '1: lost']);
    t.diagnostic(`all went back within ${Math.round(performance.now() - since)} ms`);
    assert.equal((await publisher.changes(before)).names, 'all');
    // The numbers that were lost are given again.
    assert.deepEqual(await push(publisher, { changed: 'other', young: 'new' }), [3, 1]);
    await fleet.serves(['1: a', '3: other', '2: b', '1: new']);
    for (const { losses } of await fleet.heard()) assert.equal(losses, 1);
  });
}

test('when a replica takes over that has all writes, nothing is lost and nobody says so', async (t) => {
  await using group = await startSentinelGroup();
  const url = urlOf(group);
  const publisher = await openRegistry(url, NAMESPACE);
  t.after(() => publisher.close());
  await push(publisher, { kept: 'a' });
  const places = Array.from({ length: 3 }, () => ({ url, namespace: NAMESPACE }));
  await using fleet = await Fleet.start(places, ['kept']);
  await push(publisher, { kept: 'b' });
  await group.failover();
  const since = performance.now();
  assert.deepEqual(await push(publisher, { kept: 'c' }), [3]);
  await fleet.serves(['3: c']);
  t.diagnostic(`a push was everywhere ${Math.round(performance.now() - since)} ms after`);
  for (const { losses } of await fleet.heard()) assert.equal(losses, 0);
});

function urlOf({ sentinel, name }: SentinelGroup): string {
  return `redis://127.0.0.1:${sentinel.port}?sentinel=${name}`;
}

let pushes = 0;

/** Pushes contents by name. Answers the versions. */
async function push(
  registry: Registry,
  contents: Readonly<Record<string, string>>,
): Promise<number[]> {
  const items = Object.entries(contents).map(([name, content]) => ({ name, content }));
  pushes += 1;
  const made = await pushTo(registry, { id: `push ${pushes}`, items, updateExisting: true });
  return made.map(({ version }) => version);
}
