import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScatterError } from '../../src/index.ts';
import { failsWith } from '../pool/support.ts';
import { freshName, freshUrl, pushValue, startScatter } from './support.ts';

const scatter = startScatter();

test('a tracked function is called directly, synchronously and with its this', () => {
  function total(this: { base: number }, ...parts: number[]): number {
    return parts.reduce((sum, part) => sum + part, this.base);
  }
  const tracked = scatter.track(total);
  assert.equal(tracked.call({ base: 1 }, 2, 3), 6);
  assert.deepEqual([tracked.name, tracked.length], ['total', 0]);
  const thrown = new RangeError('as it is');
  const throws = (): never => {
    throw thrown;
  };
  assert.throws(
    () => scatter.track(throws)(),
    (error) => error === thrown,
  );
});

test('version is undefined before the first push and then what was pushed', async () => {
  const double = scatter.track((n: number) => n * 2, { name: freshName() });
  assert.equal(double.version, undefined);
  assert.match(double.source, /n \* 2/);
  const info = await double.push({ message: 'the first' });
  const { name, version, digest, message, requires, format } = info;
  assert.deepEqual(
    { name, version, message, requires, format },
    { name: double.name, version: 1, message: 'the first', requires: [], format: 1 },
  );
  assert.ok(info.createdAt instanceof Date && info.bytes > 0 && info.author.length > 0);
  assert.deepEqual([double.version, double.digest], [1, digest]);
  assert.equal(double(4), 8);
  assert.equal(await (await scatter.get(double))(4), 8);
});

test('an unchanged function pushed twice keeps its version', async () => {
  const name = freshName();
  const first = await pushValue(scatter, name, 1);
  assert.deepEqual(await pushValue(scatter, name, 1), first);
});

test('pushes of one function at the same time end at one version', async () => {
  const tracked = scatter.track(() => 1, { name: freshName() });
  const infos = await Promise.all([tracked.push(), tracked.push(), tracked.push()]);
  assert.deepEqual(
    infos.map(({ version }) => version),
    [1, 1, 1],
  );
});

test('expectLatest makes a push compare-and-set', async () => {
  const name = freshName();
  await pushValue(scatter, name, 1, { expectLatest: 0 });
  await assert.rejects(
    pushValue(scatter, name, 2, { expectLatest: 0 }),
    failsWith('REGISTRY_CONFLICT'),
  );
  assert.equal((await pushValue(scatter, name, 2, { expectLatest: 1 })).version, 2);
});

test('many are pushed in one step: all of them or none', async () => {
  const [a, b] = [freshName(), freshName()];
  const infos = await scatter.push([
    scatter.track(() => 'a', { name: a }),
    scatter.track(() => 'b', { name: b }),
  ]);
  assert.deepEqual(
    infos.map(({ name, version }) => [name, version]),
    [
      [a, 1],
      [b, 1],
    ],
  );
  const bad = scatter.track(Math.max, { name: b });
  const changed = scatter.track(() => 'changed', { name: a });
  await assert.rejects(scatter.push([changed, bad]), failsWith('CAPTURE_UNSUPPORTED'));
  assert.equal((await scatter.get(a)).latestVersion, 1);
});

test('what cannot be captured is CAPTURE_UNSUPPORTED and nothing is written', async () => {
  const bound = function add(this: number): number {
    return this;
  }.bind(1);
  for (const fn of [Math.max, bound]) {
    const tracked = scatter.track(fn, { name: freshName() });
    await assert.rejects(tracked.push(), failsWith('CAPTURE_UNSUPPORTED'));
    await assert.rejects(scatter.get(tracked.name), failsWith('FUNCTION_NOT_FOUND'));
    assert.equal(tracked.version, undefined);
  }
});

test('a function needs a name, and not every text is one', () => {
  assert.throws(() => scatter.track(() => 1), failsWith('CONFIG_INVALID'));
  assert.throws(() => scatter.track(42 as never), failsWith('CONFIG_INVALID'));
  for (const name of ['', ' a', 'a@1', 'a\nb', '\ud800', 'x'.repeat(257)]) {
    assert.throws(
      () => scatter.track(() => 1, { name }),
      (error) => isScatterError(error) && /REF_INVALID|CONFIG_INVALID/.test(error.code),
      name,
    );
  }
});

test('odd names work from push to call', async () => {
  const odd = ['GET /users/:id', 'a:b/{c}', '__proto__', 'constructor', '日本語', "it's", '3'];
  for (const name of odd) {
    await pushValue(scatter, name, name);
    const fn = await scatter.get(name);
    assert.deepEqual([fn.name, await fn(), fn.version], [name, name, 1]);
  }
  const listed = (await scatter.list()).map(({ name }) => name);
  assert.deepEqual(
    odd.filter((name) => !listed.includes(name)),
    [],
  );
});

test('namespaces of one registry do not see each other', async () => {
  const url = freshUrl();
  const [one, two] = ['one', 'two'].map((namespace) => startScatter({ url, namespace }));
  assert.ok(one && two);
  await pushValue(one, 'f', 1);
  await assert.rejects(two.get('f'), failsWith('FUNCTION_NOT_FOUND'));
  assert.equal((await pushValue(two, 'f', 2)).version, 1);
  assert.deepEqual([await (await one.get('f'))(), await (await two.get('f'))()], [1, 2]);
});

test('one tracked function goes to several instances', async () => {
  const [one, two] = [startScatter(), startScatter()];
  const tracked = one.track(() => 1, { name: 'f' });
  await tracked.push();
  await one.close();
  assert.deepEqual((await two.push([tracked])).length, 1);
  assert.equal(await (await two.get('f'))(), 1);
});

test('list() tells name, latest, number of versions, aliases and time', async () => {
  const own = startScatter();
  await pushValue(own, 'f', 1);
  await pushValue(own, 'f', 2);
  await own.setAlias('f', 'stable', 1);
  await (await own.get('f')).moveAll(1);
  const [info, ...others] = await own.list();
  assert.deepEqual(others, []);
  const { updatedAt, ...rest } = info ?? {};
  assert.ok(updatedAt instanceof Date);
  assert.deepEqual(rest, {
    name: 'f',
    latest: 1,
    latestVersion: 2,
    versions: 2,
    aliases: { stable: 1 },
  });
});

test('unknown options are CONFIG_INVALID wherever options are taken', async () => {
  const name = freshName();
  await pushValue(scatter, name, 1);
  const fn = await scatter.get(name);
  const odd = { colour: 'red' } as never;
  const invalid = failsWith('CONFIG_INVALID');
  assert.throws(() => startScatter(odd), invalid);
  assert.throws(() => startScatter({ isolation: 'thread' as never }), invalid);
  assert.throws(() => startScatter({ pool: { threads: 0 } }), invalid);
  assert.throws(() => startScatter({ pool: odd }), invalid);
  assert.throws(() => startScatter({ limits: odd }), invalid);
  assert.throws(() => fn.with(odd), invalid);
  assert.throws(() => fn.with({ limits: { cpuMs: -1 } }), invalid);
  assert.throws(() => scatter.track(() => 1, Object.assign(odd, { name })), invalid);
  await assert.rejects(scatter.get(name, odd), invalid);
  await assert.rejects(scatter.push([scatter.track(() => 1, { name })], odd), invalid);
  await assert.rejects(startScatter({ url: 'nowhere:1' }).connect(), invalid);
});

test('a malformed reference, alias or version is refused before anything is read', async () => {
  for (const reference of ['', 'a@', 'a@b@c', '@1']) {
    await assert.rejects(scatter.get(reference), failsWith('REF_INVALID'), reference);
  }
  const name = freshName();
  await pushValue(scatter, name, 1);
  await assert.rejects(scatter.setAlias(name, 'latest', 1), failsWith('REF_INVALID'));
  await assert.rejects(scatter.setAlias(name, 'stable', 2), failsWith('VERSION_NOT_FOUND'));
  await assert.rejects(scatter.setAlias(freshName(), 'stable', 1), failsWith('FUNCTION_NOT_FOUND'));
  await assert.rejects(scatter.get('nobody pushed this'), failsWith('FUNCTION_NOT_FOUND'));
});
