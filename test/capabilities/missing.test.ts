import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BlockedEvent, capability, provide } from '../../src/index.ts';
import { freshName, freshUrl, pushValue, startScatter } from '../library/support.ts';
import { failsWith } from '../pool/support.ts';
import { db, echoingDatabase, served } from './support.ts';

const given = provide(db, echoingDatabase());

/** A name whose version 1 needs nothing and whose version 2 needs `db`; its publisher provides nothing. */
async function pushBoth(url: string, name = freshName()): Promise<string> {
  const publisher = startScatter({ url });
  await pushValue(publisher, name, 'needs nothing');
  await publisher.push([publisher.track(() => db.query('x'), { name })]);
  return name;
}

test('get() of what needs a capability that is not given is CAPABILITY_MISSING, before any call', async () => {
  const url = freshUrl();
  const name = await pushBoth(url);
  const scatter = startScatter({ url });
  const missing = failsWith('CAPABILITY_MISSING', { function: name, version: 2, capability: 'db' });
  await assert.rejects(scatter.get(name), missing);
  await assert.rejects(scatter.get(name), /`.*@2` needs the capability `db`.*provide\('db'/s);
  await assert.rejects(startScatter({ url, preload: [name] }).connect(), missing);
  const other = { capabilities: [provide('other', {})] };
  await assert.rejects(scatter.get(name, other), missing);
  assert.deepEqual(await (await scatter.get(name, { capabilities: [given] }))(), ['x']);
});

test('pull(), pull(n) and upgrade() to such a version reject and move nothing', async () => {
  const url = freshUrl();
  const name = await pushBoth(url);
  const scatter = startScatter({ url });
  const fn = await scatter.get(`${name}@1`);
  for (const move of [() => fn.pull(2), () => fn.pull('latest'), () => fn.upgrade()]) {
    await assert.rejects(move(), failsWith('CAPABILITY_MISSING', { function: name, version: 2 }));
    assert.deepEqual([await fn(), fn.version], ['needs nothing', 1]);
  }
});

test('a pushed version that needs what is not given is blocked: the handle stays and says so', async () => {
  const url = freshUrl();
  const [publisher, scatter] = [startScatter({ url }), startScatter({ url })];
  const name = freshName();
  await pushValue(publisher, name, 'before');
  const fn = await scatter.get(name);
  const blocked = new Promise<BlockedEvent>((resolve) => fn.on('blocked', resolve));
  await publisher.push([publisher.track(() => db.query('x'), { name })]);
  const { version, error } = await blocked;
  assert.equal(version, 2);
  assert.ok(failsWith('CAPABILITY_MISSING', { function: name, capability: 'db' })(error));
  assert.deepEqual([await fn(), fn.version, fn.latestVersion], ['before', 1, 2]);
  const swapped = new Promise((resolve) => fn.on('swap', resolve));
  await pushValue(publisher, name, 'after');
  await swapped;
  assert.equal(await fn(), 'after');
});

test('a version is admitted at swaps by what get() gave, and not by what with() gives', async () => {
  const url = freshUrl();
  const [publisher, scatter] = [startScatter({ url }), startScatter({ url })];
  const name = freshName();
  await pushValue(publisher, name, 'before');
  const [rich, poor] = [
    await scatter.get(name, { capabilities: [given] }),
    (await scatter.get(name)).with({ capabilities: [given] }),
  ];
  const both = Promise.all([
    new Promise((resolve) => rich.on('swap', resolve)),
    new Promise((resolve) => poor.on('blocked', resolve)),
  ]);
  await publisher.push([publisher.track(() => db.query('x'), { name })]);
  await both;
  assert.deepEqual([await rich(), await poor()], [['x'], 'before']);
});

test('a version that allow excludes is blocked like one that is not provided', async () => {
  const scatter = startScatter({
    capabilities: [provide(db, echoingDatabase(), { allow: ['billing/*'] })],
  });
  const name = freshName();
  await pushValue(scatter, name, 'before');
  const fn = await scatter.get(name);
  const blocked = new Promise<BlockedEvent>((resolve) => fn.on('blocked', resolve));
  await scatter.push([scatter.track(() => db.query('x'), { name })]);
  assert.match(String((await blocked).error), /does not allow.*`allow` of provide\('db'/s);
  assert.equal(await fn(), 'before');
});

test('who pushes needs no capability; calls through the tracked function do', async () => {
  const scatter = startScatter();
  const tracked = scatter.track(() => db.query('x'), { name: freshName() });
  assert.deepEqual((await tracked.push()).requires, ['db']);
  await assert.rejects(tracked.with({})(), failsWith('CAPABILITY_MISSING', { capability: 'db' }));
  assert.deepEqual(await tracked.with({ capabilities: [given] })(), ['x']);
});

test('with() that takes the right to a capability away is CAPABILITY_MISSING at the call', async () => {
  const scatter = startScatter({ capabilities: [given] });
  const fn = await served(scatter, () => db.query('x'));
  const narrowed = fn.with({
    capabilities: [provide(db, echoingDatabase(), { allow: ['nobody'] })],
  });
  await assert.rejects(narrowed(), failsWith('CAPABILITY_MISSING', { function: fn.name }));
  assert.deepEqual(await fn(), ['x']);
});

test('callSync() of a function that calls a capability is CALL_NOT_SYNC', async () => {
  const scatter = startScatter({ capabilities: [given] });
  const fn = await served(scatter, (use: boolean) => (use ? db.query('x') : 'unused'), {
    trusted: true,
  });
  assert.equal(fn.callSync(false), 'unused');
  assert.throws(() => fn.callSync(true), failsWith('CALL_NOT_SYNC', { function: fn.name }));
  const missing = capability<{ get(): Promise<number> }>('missing');
  await assert.rejects(
    served(scatter, () => missing.get(), { trusted: true }),
    failsWith('CAPABILITY_MISSING', { capability: 'missing' }),
  );
});
