/** What servers answer when they do not do what they are asked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { item, request } from '../contract/push-requests.ts';
import { INVALID, REFUSALS, set } from './refusals.ts';
import { startCluster } from './servers/cluster.ts';
import { startRedis } from './servers/server.ts';
import { assertTold, pushOne, refusalOf, refusalOfPush, registryAt } from './told.ts';

describe('a server that', { concurrency: true }, () => {
  for (const refusal of REFUSALS) {
    it(`${refusal.title}: ${refusal.code}, nothing is written, and later it works`, async () => {
      await using server = await startRedis({ config: refusal.config ?? {} });
      const { heal } = await refusal.arrange(server);
      await using registry = registryAt(withUser(server.url, refusal.user));
      const refused = [refusalOfPush(registry)];
      if (refusal.reading) refused.push(refusalOf(registry.list()));
      const [ofPush, ofReading] = await Promise.all(refused);
      assertTold(ofPush, 'writing', registry, refusal);
      if (refusal.reading) assertTold(ofReading, 'reading', registry, refusal);
      await heal();
      assert.deepEqual(await registry.list(), []);
      assert.equal(await pushOne(registry), 1);
    });
  }

  it('runs out of memory takes a push of many wholly or not at all, and what makes room', async () => {
    await using server = await startRedis();
    await using registry = registryAt(server.url);
    const many = Array.from({ length: 300 }, (_, i) => item(`fn-${i}`, `content ${i}`));
    await pushOne(registry);
    await set(server, 'maxmemory', '1mb');
    const error = await refusalOf(registry.push(request(many)));
    assert.equal(error.code, 'SCATTER_ERR_REGISTRY_FULL');
    assert.deepEqual(
      (await registry.list()).map(({ name }) => name),
      ['one'],
    );
    await registry.setAlias('one', 'stable', 1, 'tester');
    await registry.delete('one', 'tester');
    await set(server, 'maxmemory', '0');
    await registry.push(request(many));
    assert.equal((await registry.list()).length, many.length);
  });

  it('has no such database: CONFIG_INVALID, and nothing is written into another one', async () => {
    await using server = await startRedis();
    await using registry = registryAt(`${server.url}/99`);
    const told = { ...INVALID, says: /DB index is out of range; .*another number/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
    assert.deepEqual(await server.command('KEYS', '*'), []);
    await using other = registryAt(`${server.url}/15`);
    assert.equal(await pushOne(other), 1);
    assert.deepEqual(await server.command('KEYS', '*'), []);
  });

  it('is a node of a cluster: CONFIG_INVALID, which names ?cluster', async () => {
    await using cluster = await startCluster();
    const owner = await cluster.slotOwner('scatter:{default}:functions');
    await using registry = registryAt(cluster.urls[(owner + 1) % cluster.urls.length] ?? '');
    const told = { ...INVALID, says: /MOVED .*: add \?cluster to the url/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
  });

  it('has scripts switched off: CONFIG_INVALID', async () => {
    await using server = await startRedis({ config: { 'rename-command': 'EVALSHA ""' } });
    await using registry = registryAt(server.url);
    const told = { ...INVALID, says: /unknown command .*lacks a command/ };
    assertTold(await refusalOfPush(registry), 'writing', registry, told);
    assert.deepEqual(await registry.list(), []);
  });

  for (const key of ['functions', 'versions', 'artifacts', 'uses', 'log', 'commits']) {
    it(`has ${key} of another program: REGISTRY_CORRUPT, and nothing is written`, async () => {
      await using server = await startRedis();
      await server.command('SET', `scatter:{default}:${key}`, 'of another program');
      await using registry = registryAt(server.url);
      const told = {
        code: 'SCATTER_ERR_REGISTRY_CORRUPT',
        retryable: false,
        says: /WRONGTYPE .*take another namespace/,
      } as const;
      assertTold(await refusalOfPush(registry), 'writing', registry, told);
      assert.deepEqual(await server.command('KEYS', '*'), [`scatter:{default}:${key}`]);
      await server.command('DEL', `scatter:{default}:${key}`);
      assert.equal(await pushOne(registry), 1);
    });
  }
});

function withUser(url: string, user = ''): string {
  return url.replace('//', `//${user}`);
}
