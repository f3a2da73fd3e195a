import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScatterError } from '../../src/index.ts';
import { failsWith } from '../pool/support.ts';
import { freshName, pushValue, startScatter } from './support.ts';

const scatter = startScatter({ namespace: 'removals' });

test('get() of a deleted function names registry, namespace and near names', async () => {
  await pushValue(scatter, 'priceOfBook', 1);
  await pushValue(scatter, 'priceOfBooks', 1);
  await (await scatter.get('priceOfBook')).delete();
  await assert.rejects(scatter.get('priceOfBook'), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_FUNCTION_NOT_FOUND'));
    for (const part of ['memory:', '`removals`', '`priceOfBooks`']) {
      assert.ok(error.message.includes(part), `${part} is in: ${error.message}`);
    }
    return true;
  });
});

test('after delete() handles reject on their next call and calls in flight finish', async () => {
  const name = freshName();
  const slow = scatter.track(() => new Promise((resolve) => setTimeout(resolve, 30, 1)), { name });
  await slow.push();
  const [fn, other] = await Promise.all([scatter.get(name), scatter.get(`${name}@1`)]);
  const inFlight = other();
  await fn.delete();
  for (const handle of [fn, other]) {
    await assert.rejects(handle(), failsWith('FUNCTION_NOT_FOUND', { function: name }));
    await assert.rejects(handle.versions(), failsWith('FUNCTION_NOT_FOUND'));
    await assert.rejects(handle.pull(), failsWith('FUNCTION_NOT_FOUND'));
  }
  assert.equal(await inFlight, 1);
  await assert.rejects(fn.delete(), failsWith('FUNCTION_NOT_FOUND'));
});

test('numbers go on after a delete, and handles that follow go to the new version', async () => {
  const name = freshName();
  await pushValue(scatter, name, 1);
  await pushValue(scatter, name, 2);
  const fn = await scatter.get(name);
  await fn.delete();
  assert.equal((await pushValue(scatter, name, 2)).version, 3);
  assert.equal(await fn(), 2);
  assert.deepEqual(
    (await fn.versions()).map(({ version }) => version),
    [3],
  );
});

test('a handle that does not follow stays deleted when the name is pushed again', async () => {
  const name = freshName();
  await pushValue(scatter, name, 1);
  await scatter.setAlias(name, 'stable', 1);
  const handles = await Promise.all([
    scatter.get(`${name}@1`),
    scatter.get(`${name}@stable`),
    scatter.get(name, { autoUpdate: false }),
  ]);
  await (await scatter.get(name)).delete();
  await pushValue(scatter, name, 2);
  for (const handle of handles) {
    await assert.rejects(handle(), failsWith('FUNCTION_NOT_FOUND'));
  }
  const [fixed, stable, still] = handles;
  await assert.rejects(fixed.pull(), failsWith('VERSION_NOT_FOUND'));
  await assert.rejects(stable.pull(), failsWith('VERSION_NOT_FOUND'));
  await still.pull();
  assert.equal(await still(), 2);
});

test('delete({ olderThan }) keeps what an alias or a live handle uses, and names it', async () => {
  const name = freshName();
  for (let version = 1; version <= 5; version += 1) await pushValue(scatter, name, version);
  await scatter.setAlias(name, 'stable', 2);
  const [fn, pinned] = await Promise.all([scatter.get(name), scatter.get(`${name}@3`)]);
  assert.deepEqual(await fn.delete({ olderThan: 5 }), {
    removed: [1, 4],
    kept: [
      { version: 2, reason: 'stable' },
      { version: 3, reason: 'in use' },
    ],
  });
  assert.equal(await pinned(), 3);
  await assert.rejects(scatter.get(`${name}@4`), failsWith('VERSION_NOT_FOUND'));
  await pinned.release();
  assert.deepEqual((await fn.delete({ olderThan: 5 })).removed, [3]);
});
