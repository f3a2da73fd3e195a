/** Much at once, and what is left of many. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { openRedis } from '../../src/registry/redis.ts';
import { item, pushAll, request } from '../contract/push-requests.ts';
import { startRedis } from './servers/server.ts';
import { until } from './servers/until.ts';

const server = await startRedis({ config: { requirepass: 'TOPSECRET' } });
after(() => server.stop());
const url = `redis://:TOPSECRET@127.0.0.1:${server.port}`;

function open(namespace: string) {
  const registry = openRedis(url, namespace);
  after(() => registry.close());
  return registry;
}

test('a push of 12,000 functions, more than the log holds, is one step and is done once', async () => {
  const registry = open('many');
  const items = Array.from({ length: 12_000 }, (_, n) => item(`function-${n}`, `${n}`));
  const push = request(items, { updateExisting: true });
  const made = await registry.push(push);
  assert.equal(made.length, items.length);
  assert.equal((await registry.list()).length, items.length);
  assert.deepEqual(await registry.push(push), made);
  assert.equal((await registry.head()).epoch, 1);
  assert.deepEqual((await registry.changes(await registry.head())).names, []);
});

test('one that is more than a server takes is VALUE_TOO_LARGE, and nothing is written', async () => {
  const registry = open('too-many');
  const items = Array.from({ length: 50_000 }, (_, n) => item(`function-${n}`, `${n}`));
  await assert.rejects(registry.push(request(items)), { code: 'SCATTER_ERR_VALUE_TOO_LARGE' });
  assert.equal((await registry.head()).epoch, 0);
});

test('an artifact that was lost is stored again by the next push of its content', async () => {
  const registry = open('evicted');
  await pushAll(registry, 'f', ['a', 'b']);
  await server.command('DEL', 'scatter:{evicted}:artifacts');
  await pushAll(registry, 'f', ['a']);
  assert.ok(await registry.artifact(item('f', 'a').digest));
});

test('what programs announced that ended without a word is cleared away', async () => {
  const registry = open('ended');
  const report = {
    host: 'h',
    pid: 1,
    startedAt: new Date(),
    scatter: '1.0.0',
    generation: 'g',
    epoch: 1,
    functions: [{ name: '$&', version: 1, digest: 'd', pinned: false }],
  };
  await registry.announce({ ...report, id: 'living' }, 60_000);
  await registry.announce({ ...report, id: 'ended' }, 20);
  await until('it to expire', async () => (await registry.instances()).length === 1 || undefined);
  assert.deepEqual(await registry.instances(), [{ ...report, id: 'living' }]);
  const fleet = 'scatter:{ended}:fleet';
  // Its hour is over.
  await server.command('ZADD', fleet, '1', 'ended');
  const other = open('ended');
  await other.announce({ ...report, id: 'other' }, 60_000);
  assert.deepEqual(await server.command('ZRANGE', fleet, '0', '-1'), ['living', 'other']);
});

test('an instance sends the functions that changed, and takes back those that are gone', async () => {
  const registry = open('delta');
  const functions = Array.from({ length: 100 }, (_, n) => {
    return {
      name: `f-${String(n).padStart(3, '0')}`,
      version: 1,
      digest: 'd'.repeat(64),
      pinned: false,
    };
  });
  const [first, ...others] = functions;
  assert.ok(first);
  const report = {
    ...{ id: 'one', host: 'h', pid: 1, startedAt: new Date(), scatter: '1.0.0', generation: 'g' },
    ...{ epoch: 1, functions },
  };
  await registry.announce(report, 60_000);
  assert.deepEqual(await registry.instances(), [report]);
  const before = await received();
  const next = { ...report, epoch: 2, functions: [{ ...first, version: 2 }, ...others] };
  await registry.announce(next, 60_000);
  assert.ok((await received()) - before < 2000);
  assert.deepEqual(await registry.instances(), [next]);
});

test('no error has the password in it, however it is looked at', async () => {
  const wrong = openRedis(`redis://:WRONGSECRET@127.0.0.1:${server.port}`, 'default');
  after(() => wrong.close());
  await assert.rejects(wrong.head(), (error) => {
    assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /WRONGSECRET/);
    return true;
  });
});

async function received(): Promise<number> {
  const info = String(await server.command('INFO', 'stats'));
  return Number(/total_net_input_bytes:(\d+)/.exec(info)?.[1]);
}
