import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { BlockedEvent, SwapEvent } from '../../src/index.ts';
import { failsWith } from '../pool/support.ts';
import { freshName, freshUrl, pushCode, pushValue, registryOf, startScatter } from './support.ts';

const scatter = startScatter();

/** A name with versions 1 to `count`, each of which gives its own number. */
async function withVersions(count: number): Promise<string> {
  const name = freshName();
  for (let version = 1; version <= count; version += 1) await pushValue(scatter, name, version);
  return name;
}

test('a name follows latest, name@alias its alias, name@n never moves', async () => {
  const name = await withVersions(1);
  await scatter.setAlias(name, 'stable', 1);
  const [latest, stable, first] = await Promise.all(
    [name, `${name}@stable`, `${name}@1`].map((reference) => scatter.get(reference)),
  );
  await pushValue(scatter, name, 2);
  assert.deepEqual([await latest?.(), await stable?.(), await first?.()], [2, 1, 1]);
  await scatter.setAlias(name, 'stable', 2);
  assert.deepEqual([await latest?.(), await stable?.(), await first?.()], [2, 2, 1]);
  assert.deepEqual([latest?.pinned, stable?.pinned, first?.pinned], [false, false, true]);
});

test('pull(n), pull(alias), upgrade() and downgrade() pin a handle until pull()', async () => {
  const name = await withVersions(3);
  await scatter.setAlias(name, 'stable', 2);
  const fn = await scatter.get(name);
  assert.equal((await fn.pull(1)).version, 1);
  await pushValue(scatter, name, 4);
  assert.deepEqual([await fn(), fn.pinned, fn.latestVersion], [1, true, 4]);
  assert.equal((await fn.pull('stable')).version, 2);
  assert.equal((await fn.upgrade()).version, 3);
  assert.equal((await fn.downgrade()).version, 2);
  assert.deepEqual([await fn(), fn.pinned], [2, true]);
  assert.equal((await fn.pull()).version, 4);
  assert.equal(fn.pinned, false);
  await pushValue(scatter, name, 5);
  assert.equal(await fn(), 5);
});

test('upgrade() and downgrade() at the ends stay there and resolve', async () => {
  const name = await withVersions(2);
  const fn = await scatter.get(name);
  assert.equal((await fn.upgrade()).version, 2);
  assert.equal(fn.pinned, true);
  await fn.downgrade();
  assert.equal((await fn.downgrade()).version, 1);
  assert.equal(await fn(), 1);
});

test('pull() of a version or alias that is not there rejects and moves nothing', async () => {
  const fn = await scatter.get(await withVersions(2));
  await assert.rejects(fn.pull(9), failsWith('VERSION_NOT_FOUND'));
  await assert.rejects(fn.pull('nowhere'), failsWith('VERSION_NOT_FOUND'));
  await assert.rejects(fn.moveAll(9), failsWith('VERSION_NOT_FOUND'));
  assert.deepEqual([fn.version, fn.pinned], [2, false]);
});

test('with autoUpdate: false only pull() and friends move a handle', async () => {
  const name = await withVersions(1);
  const fn = await scatter.get(name, { autoUpdate: false });
  await pushValue(scatter, name, 2);
  await fn.moveAll(1);
  await fn.moveAll(2);
  assert.deepEqual([await fn(), fn.pinned], [1, false]);
  await fn.pull();
  assert.equal(await fn(), 2);
});

test('handles of one function are independent of each other', async () => {
  const name = await withVersions(2);
  const [one, other] = await Promise.all([scatter.get(name), scatter.get(name)]);
  await one.pull(1);
  assert.deepEqual([await one(), await other()], [1, 2]);
});

test('updateExisting: false serves who gets or pulls from then on, and nobody else', async () => {
  const name = await withVersions(1);
  const before = await scatter.get(name);
  await pushValue(scatter, name, 2, { updateExisting: false });
  const after = await scatter.get(name);
  await scatter.setAlias(name, 'stable', 1);
  assert.deepEqual([await before(), await after()], [1, 2]);
  await before.pull();
  assert.equal(await before(), 2);
});

test('handles left behind by updateExisting: false move with the next ordinary push', async () => {
  const name = await withVersions(1);
  const fn = await scatter.get(name);
  await pushValue(scatter, name, 2, { updateExisting: false });
  await pushValue(scatter, name, 3);
  assert.equal(await fn(), 3);
});

test('the same code pushed again without updateExisting: false goes live as it is', async () => {
  const name = await withVersions(1);
  const fn = await scatter.get(name);
  await pushValue(scatter, name, 2, { updateExisting: false });
  assert.equal((await pushValue(scatter, name, 2)).version, 2);
  assert.deepEqual([await fn(), (await fn.versions()).length], [2, 2]);
});

test('moveAll() moves everybody who follows and leaves pinned handles', async () => {
  const name = await withVersions(3);
  const [following, pinned] = await Promise.all([scatter.get(name), scatter.get(name)]);
  await pinned.pull(3);
  await following.moveAll(1);
  assert.deepEqual([await following(), await pinned()], [1, 3]);
  assert.equal(await (await scatter.get(name))(), 1);
});

test('rollback() goes to where latest was before, repeated further back', async () => {
  const name = await withVersions(3);
  const fn = await scatter.get(name);
  assert.equal((await fn.rollback()).version, 2);
  assert.equal(await fn(), 2);
  assert.equal((await fn.rollback()).version, 1);
  assert.equal(await fn(), 1);
  await assert.rejects(fn.rollback(), failsWith('VERSION_NOT_FOUND'));
  assert.equal((await pushValue(scatter, name, 4)).version, 4);
  await fn.rollback();
  assert.equal(await fn(), 1);
});

test('older content pushed again is a new version with the old digest', async () => {
  const name = await withVersions(2);
  const again = await pushValue(scatter, name, 1);
  const [, , first] = await (await scatter.get(name)).versions();
  assert.deepEqual([again.version, again.digest], [3, first?.digest]);
});

test('a call made in the swap event runs the new version, one in flight ends on its own', async () => {
  const name = freshName();
  const slow = scatter.track(() => new Promise((resolve) => setTimeout(resolve, 30, 1)), { name });
  await slow.push();
  const fn = await scatter.get(name);
  const inFlight = fn();
  const swapped = new Promise<[SwapEvent, unknown]>((resolve) => {
    fn.on('swap', async (event) => resolve([event, await fn()]));
  });
  await pushValue(scatter, name, 2);
  assert.deepEqual(await swapped, [{ name, from: 1, to: 2 }, 2]);
  assert.equal(await inFlight, 1);
});

test('a listener that throws is a warning and holds up no swap', async () => {
  const name = await withVersions(1);
  const fn = await scatter.get(name);
  fn.on('swap', () => {
    throw new Error('of the listener');
  });
  fn.on('blocked', ({ error }) => assert.fail(String(error)));
  const warned = once(process, 'warning');
  await pushValue(scatter, name, 2);
  assert.equal(await fn(), 2);
  assert.match(String(await warned), /swap threw: Error: of the listener/);
});

test('off() and release() end the events; a released handle rejects', async () => {
  const name = await withVersions(1);
  const [off, released] = await Promise.all([scatter.get(name), scatter.get(name)]);
  const heard: SwapEvent[] = [];
  const listener = (event: SwapEvent): number => heard.push(event);
  off.on('swap', listener);
  released.on('swap', listener);
  off.off('swap', listener);
  await released.release();
  await released.release();
  await pushValue(scatter, name, 2);
  assert.deepEqual(heard, []);
  await assert.rejects(released(), failsWith('POOL_CLOSED'));
});

test('a version that does not load leaves the working one in place and emits blocked', async () => {
  const own = startScatter({ url: freshUrl() });
  const registry = await registryOf(own);
  const name = freshName();
  await pushValue(own, name, 1);
  const fn = await own.get(name);
  const blocked = new Promise<BlockedEvent>((resolve) => fn.on('blocked', resolve));
  await pushCode(registry, name, '(() => { throw new RangeError("at load"); })()');
  const { version, error, ...rest } = await blocked;
  assert.deepEqual([version, rest], [2, { name }]);
  assert.ok(failsWith('GUEST_THREW')(error));
  assert.deepEqual([await fn(), fn.version, fn.latestVersion], [1, 1, 2]);
  await pushValue(own, name, 3);
  assert.equal(await fn(), 3);
});

test('a version that does not load cannot be got, and pull() to it moves nothing', async () => {
  const own = startScatter({ url: freshUrl() });
  const registry = await registryOf(own);
  const name = freshName();
  await pushValue(own, name, 1);
  const fn = await own.get(`${name}@1`);
  await pushCode(registry, name, '() => 42');
  await assert.rejects(own.get(name), failsWith('SOURCE_INVALID'));
  await assert.rejects(fn.pull(2), failsWith('SOURCE_INVALID'));
  assert.equal(await fn(), 1);
});

test('instances on one registry follow each other', async () => {
  const url = freshUrl();
  const [writer, reader] = [startScatter({ url }), startScatter({ url })];
  const name = freshName();
  await pushValue(writer, name, 1);
  const fn = await reader.get(name);
  const swapped = new Promise((resolve) => fn.on('swap', resolve));
  await pushValue(writer, name, 2);
  await swapped;
  assert.equal(await fn(), 2);
});
