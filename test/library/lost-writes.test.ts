/** A registry that lost its data, or its last writes: what runs goes on running, and follows again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createScatter, type Scatter } from '../../src/index.ts';
import { type RedisServer, startRedis } from '../redis/servers/server.ts';
import { until } from '../redis/servers/until.ts';
import { pushValue, silentLogger } from './support.ts';

describe('a registry that lost its data', () => {
  it('leaves running functions alone, says so once, and they follow when pushed again', async () => {
    await using server = await startRedis();
    const { instance, warnings } = startOn(server);
    await using scatter = instance;
    for (const value of [1, 2, 3]) await pushValue(scatter, 'kept', value);
    const kept = await scatter.get('kept');
    const pinned = await scatter.get('kept@2');
    await server.restart({ loseData: true });
    await until('the loss to be seen', () => warnings.length > 0 || undefined);
    assert.deepEqual([await kept(), kept.version], [3, 3]);
    assert.equal(await pinned(), 2);
    await assert.rejects(scatter.get('kept'), { code: 'SCATTER_ERR_FUNCTION_NOT_FOUND' });
    // The numbers are given again, with other content.
    for (const value of [10, 20, 30]) await pushValue(scatter, 'kept', value);
    assert.deepEqual([await kept(), kept.version], [30, 3]);
    assert.deepEqual([await pinned(), pinned.version], [2, 2]);
    await pinned.pull();
    assert.equal(await pinned(), 20);
    await kept.delete();
    await assert.rejects(kept(), { code: 'SCATTER_ERR_FUNCTION_NOT_FOUND' });
    assert.equal(warnings.filter((line) => /lost writes/.test(line)).length, 1);
  });

  it('moves handles to what it has when only the last writes are gone', async () => {
    await using server = await startRedis();
    const { instance, warnings } = startOn(server);
    await using scatter = instance;
    for (const value of ['a', 'b']) await pushValue(scatter, 'f', value);
    await pushValue(scatter, 'same', 0);
    await server.command('SAVE');
    const [f, same] = [await scatter.get('f'), await scatter.get('same')];
    let swaps = 0;
    same.on('swap', () => {
      swaps += 1;
    });
    await pushValue(scatter, 'f', 'c');
    await pushValue(scatter, 'young', 1);
    const young = await scatter.get('young');
    assert.deepEqual([await f(), f.version], ['c', 3]);
    await server.restart();
    await until('the loss to be seen', () => warnings.length > 0 || undefined);
    assert.deepEqual([await f(), f.version], ['b', 2]);
    assert.equal(await young(), 1);
    assert.deepEqual([await same(), swaps], [0, 0]);
    await pushValue(scatter, 'f', 'other c');
    assert.deepEqual([await f(), f.version], ['other c', 3]);
  });
});

function startOn({ url }: RedisServer): { instance: Scatter; warnings: string[] } {
  const warnings: string[] = [];
  const warn = (_fields: object, message: string) => {
    if (/lost writes/.test(message)) warnings.push(message);
  };
  const logger = { ...silentLogger, warn };
  const instance = createScatter({ url, pool: { threads: 1 }, cacheDir: false, logger });
  return { instance, warnings };
}
