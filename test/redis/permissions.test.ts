/** Whatever a publisher may not do: a push is written wholly or not at all. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMIT_SCRIPT } from '../../src/registry/redis/commit-script.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { item, request } from '../contract/push-requests.ts';
import { findRedisServer } from './servers/find-server.ts';
import { type RedisServer, startRedis } from './servers/server.ts';
import { assertTold, PASSWORD, pushOne, refusalOf, registryAt } from './told.ts';

const CALLED = [...COMMIT_SCRIPT.matchAll(/redis\.p?call\('([A-Z]+)'/g)].map(
  ([, name = '']) => name,
);
const COMMANDS = [...new Set([...CALLED, 'EVALSHA', 'EVAL', 'HMGET'])].sort();
const KEYS = ['functions', 'versions', 'artifacts', 'uses', 'log', 'commits'];

const { version } = await findRedisServer();

/** Rules for each thing that can be missing. Before version 7 a key could only be given wholly. */
const LACKS: readonly (readonly [what: string, rules: readonly string[]])[] = [
  ...COMMANDS.map((name) => [name, ['~scatter:{default}:*', `-${name.toLowerCase()}`]] as const),
  ...KEYS.map(
    (key) => [`the key ${key}`, KEYS.flatMap((one) => (one === key ? [] : keyRule(one)))] as const,
  ),
  ...(version.major < 7
    ? []
    : KEYS.map((key) => {
        const rules = KEYS.flatMap((one) => keyRule(one, one === key ? '%R~' : '~'));
        return [`writing the key ${key}`, rules] as const;
      })),
];

describe('a publisher that may not use', () => {
  for (const [what, rules] of LACKS.filter(([name]) => name !== 'PUBLISH')) {
    it(`${what} writes wholly or not at all`, async () => {
      await using server = await startRedis();
      await using all = registryAt(server.url);
      await all.push(request([item('one', 'before'), item('gone', 'x')]));
      // What is not known to the server is sent as a whole.
      await server.command('SCRIPT', 'FLUSH');
      await allow(server, rules);
      await using registry = registryAt(server.url.replace('//', `//publisher:${PASSWORD}@`));
      await assertWhole(server, all, registry, pushTwo, async () => {
        assert.deepEqual(
          (await all.list()).map(({ name, latest }) => [name, latest]),
          [
            ['gone', 1],
            ['one', 2],
            ['two', 1],
          ],
        );
      });
      await assertWhole(
        server,
        all,
        registry,
        (one) => one.delete('gone', 'tester'),
        async () => assert.equal(await all.find('gone'), undefined),
      );
      assert.equal(await pushOne(all, 'at last'), (await all.find('one'))?.latest);
    });
  }

  it('PUBLISH writes, and is told once that others will hear of it late', async () => {
    await using server = await startRedis();
    await allow(server, ['~scatter:{default}:*', '-publish']);
    const warnings: string[] = [];
    const url = server.url.replace('//', `//publisher:${PASSWORD}@`);
    await using registry = registryAt(url, {}, (message) => warnings.push(message));
    await pushTwo(registry);
    assert.equal(await pushOne(registry, 'and again'), 2);
    const [warning = '', ...more] = warnings.filter((text) => text.includes('publish'));
    assert.match(
      warning,
      /others see this change by polling only, seconds late: .*; allow publish$/,
    );
    assert.deepEqual(more, []);
  });
});

function keyRule(key: string, kind = '~'): string[] {
  return [`${kind}scatter:{default}:${key}`];
}

async function allow(server: RedisServer, rules: readonly string[]): Promise<void> {
  const all = ['reset', 'on', `>${PASSWORD}`, '+@all', '&*'];
  await server.command('ACL', 'SETUSER', 'publisher', ...all, ...rules);
}

async function pushTwo(registry: Registry): Promise<void> {
  await registry.push(request([item('one', 'after'), item('two', 'a')]));
}

/** Works, and `check` holds; or is refused as it should be, and everything is as it was. */
async function assertWhole(
  server: RedisServer,
  all: Registry,
  registry: Registry,
  write: (registry: Registry) => Promise<void>,
  check: () => Promise<void>,
): Promise<void> {
  const before = await contentsOf(server);
  try {
    await write(registry);
  } catch {
    const error = await refusalOf(write(registry));
    const doing = error.message.startsWith('reading') ? 'reading' : 'writing';
    const says = /docs\/redis\.md has the ACL rules/;
    const told = { code: 'SCATTER_ERR_REGISTRY_READONLY', retryable: false, says } as const;
    assertTold(error, doing, registry, told);
    assert.deepEqual(await contentsOf(server), before);
    await write(all);
  }
  await check();
}

/** Everything that is stored. */
async function contentsOf(server: RedisServer): Promise<unknown> {
  const keys = [await server.command('KEYS', '*')].flat().map(String).sort();
  const read = async (key: string) =>
    key.endsWith(':log')
      ? await server.command('XRANGE', key, '-', '+')
      : fieldsOf(await server.command('HGETALL', key));
  return Promise.all(keys.map(async (key) => [key, await read(key)]));
}

/** A server tells them in no order. */
function fieldsOf(reply: unknown): string[] {
  const flat = [reply].flat().map(String);
  return flat.flatMap((name, i) => (i % 2 === 0 ? [`${name}=${flat[i + 1]}`] : [])).sort();
}
