import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  cleanup,
  get,
  init,
  list,
  provide,
  push,
  type ScatterOptions,
  setAlias,
  track,
} from '../../src/index.ts';
import { failsWith } from '../pool/support.ts';
import { freshName, freshUrl, pushValue, silentLogger, startScatter } from './support.ts';

const pool = { threads: 1 };
const settings = { url: 'memory:', pool, logger: silentLogger };

afterEach(() => cleanup());

test('functions are tracked before init() and pushed after it', async () => {
  const early = track((n: number) => n + 1, { name: freshName() });
  assert.equal(early(1), 2);
  await init(settings);
  await early.push();
  const fn = await get(early);
  assert.equal(await fn(1), 2);
  await setAlias(early.name, 'stable', 1);
  const [info] = await push([early]);
  assert.equal(info?.version, 1);
  assert.deepEqual(
    (await list()).map(({ name, aliases }) => [name, aliases]),
    [[early.name, { stable: 1 }]],
  );
});

test('init() again with the same options is the same instance, with others CONFIG_INVALID', async () => {
  const first = await init(settings);
  assert.equal(await init({ ...settings, pool: { threads: 1 } }), first);
  await assert.rejects(init({ ...settings, namespace: 'other' }), failsWith('CONFIG_INVALID'));
  await assert.rejects(init(), failsWith('CONFIG_INVALID'));
});

test('init() again with the same capabilities is the same instance, with lookalikes CONFIG_INVALID', async () => {
  const client = () => ({ get: async () => 1 });
  const first = await init({ ...settings, capabilities: [provide('db', client)] });
  assert.equal(await init({ ...settings, capabilities: [provide('db', client)] }), first);
  const lookalike = () => ({ get: async () => 1 });
  for (const capabilities of [
    [provide('db', lookalike)],
    [provide('db', client, { allow: ['billing'] })],
    [],
    undefined,
    'db',
    [undefined],
  ]) {
    const options = { ...settings, capabilities } as ScatterOptions;
    await assert.rejects(init(options), failsWith('CONFIG_INVALID'));
  }
});

test('env that is no list of names is CONFIG_INVALID', async () => {
  for (const env of ['SHOP_REGION', [5], {}] as unknown[]) {
    const options = { ...settings, env } as ScatterOptions;
    await assert.rejects(init(options), failsWith('CONFIG_INVALID'));
  }
});

test('cleanup() twice is fine, and so is one before anything else', async () => {
  await cleanup();
  await init(settings);
  await Promise.all([cleanup(), cleanup()]);
  await cleanup();
});

test('after cleanup() everything starts afresh, tracked functions too', async () => {
  const fn = track(() => 1, { name: freshName() });
  const first = await init(settings);
  await fn.push();
  const handle = await get(fn);
  await cleanup();
  await assert.rejects(handle(), failsWith('POOL_CLOSED'));
  assert.notEqual(await init({ ...settings, namespace: 'afresh' }), first);
  await assert.rejects(fn.pull(), failsWith('FUNCTION_NOT_FOUND'));
  assert.equal((await fn.push()).version, 1);
  assert.equal(await (await get(fn))(), 1);
});

test('init() loads what preload names and rejects for a name that is not there', async () => {
  const url = freshUrl();
  await pushValue(startScatter({ url }), 'wanted', 1);
  await init({ ...settings, url, preload: ['wanted'] });
  assert.equal(await (await get('wanted'))(), 1);
  await cleanup();
  await assert.rejects(
    init({ ...settings, url, preload: ['unwanted'] }),
    failsWith('FUNCTION_NOT_FOUND'),
  );
});

test('after close() every method of an instance and what came from it is POOL_CLOSED', async () => {
  const scatter = startScatter();
  const tracked = scatter.track(() => 1, { name: 'f' });
  await tracked.push();
  const fn = await scatter.get('f', { trusted: true });
  await scatter.close();
  await scatter[Symbol.asyncDispose]();
  const closed = failsWith('POOL_CLOSED');
  assert.throws(() => fn.callSync(), closed);
  const calls = [
    () => fn(),
    () => fn.with({ partition: 'a' })(),
    () => fn.pull(),
    () => fn.upgrade(),
    () => fn.versions(),
    () => fn.moveAll(1),
    () => fn.rollback(),
    () => fn.delete(),
    () => tracked.push(),
    () => tracked.pull(),
    () => tracked.versions(),
    () => scatter.connect(),
    () => scatter.get('f'),
    () => scatter.push([tracked]),
    () => scatter.list(),
    () => scatter.setAlias('f', 'stable', 1),
    () => scatter.stats(),
  ];
  for (const call of calls) await assert.rejects(call, closed, String(call));
});

test('close() lets running calls finish', async () => {
  const scatter = startScatter();
  const slow = scatter.track(() => new Promise((resolve) => setTimeout(resolve, 30, 7)), {
    name: 'slow',
  });
  await slow.push();
  const fn = await scatter.get('slow');
  const running = fn();
  await scatter.close();
  assert.equal(await running, 7);
});
