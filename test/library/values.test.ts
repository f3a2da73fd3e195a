import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTRACT_VALUES } from '../codec/contract-values.ts';
import { failsWith } from '../pool/support.ts';
import { startScatter } from './support.ts';

const scatter = startScatter();

const echo = scatter.track((value: unknown) => value, { name: 'echo' });
const kind = scatter.track((value: unknown) => Object.prototype.toString.call(value), {
  name: 'kind',
});
await scatter.push([echo, kind]);
const [same, kindOf] = await Promise.all([scatter.get(echo), scatter.get(kind)]);

test('every value of the contract goes into a function and comes back as it was', async (t) => {
  for (const [title, value] of CONTRACT_VALUES) {
    await t.test(title, async () => assert.deepEqual(await same(value), value));
  }
});

test('errors cross with name, message, cause and own fields', async () => {
  const cause = Object.assign(new TypeError('inner'), { code: 'E_INNER' });
  const error = Object.assign(new RangeError('outer', { cause }), { data: { a: 1 } });
  const back = await same(error);
  assert.ok(back instanceof Error && back.cause instanceof Error);
  assert.deepEqual([back.name, back.message], ['RangeError', 'outer']);
  assert.deepEqual(Reflect.get(back, 'data'), { a: 1 });
  assert.deepEqual([back.cause.name, back.cause.message], ['TypeError', 'inner']);
  assert.equal(Reflect.get(back.cause, 'code'), 'E_INNER');
});

test('values arrive as what they are', async () => {
  const kinds = [new Date(0), new Map(), new Set(), [], {}, 1n, null, new Error('e')];
  for (const value of kinds) {
    assert.equal(await kindOf(value), Object.prototype.toString.call(value));
  }
  assert.equal(await kindOf(Buffer.from('a')), '[object Uint8Array]');
});

test('holes become undefined, null-prototype objects plain, one object twice two', async () => {
  const shared = { a: 1 };
  // biome-ignore lint/suspicious/noSparseArray: the hole is the point.
  assert.deepEqual(await same([1, , 3]), [1, undefined, 3]);
  assert.deepEqual(await same(Object.assign(Object.create(null), { a: 1 })), { a: 1 });
  const [one, two] = (await same([shared, shared])) as object[];
  assert.deepEqual(one, two);
  assert.notEqual(one, two);
});

test('__proto__ crosses as a key and never as a prototype', async () => {
  const value: unknown = JSON.parse('{"__proto__": {"polluted": true}}');
  const back = (await same(value)) as object;
  assert.deepEqual(Object.keys(back), ['__proto__']);
  assert.equal(Object.getPrototypeOf(back), Object.prototype);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});

test('an argument that cannot cross is named by its path', async () => {
  class User {
    readonly name = 'u';
  }
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const refused: [unknown, string][] = [
    [{ user: { onSave: () => 1 } }, 'args[0].user.onSave'],
    [[Symbol('s')], 'args[0][0]'],
    [new User(), 'args[0]'],
    [{ later: Promise.resolve(1) }, 'args[0].later'],
    [new WeakMap(), 'args[0]'],
    [cycle, 'args[0].self'],
  ];
  for (const [value, path] of refused) {
    await assert.rejects(
      same(value),
      failsWith('VALUE_UNSUPPORTED', { path, function: 'echo', version: 1 }),
    );
  }
  await assert.rejects(same({ user: { onSave: () => 1 } }), {
    message: /args\[0\]\.user\.onSave is a function/,
  });
});

test('a result that cannot cross is named by its path', async () => {
  const give = scatter.track(
    (what: string): unknown => {
      class User {}
      const values: Record<string, unknown> = {
        function: { user: { onSave: () => 1 } },
        symbol: [Symbol('s')],
        instance: new User(),
        promise: [{ later: Promise.resolve(1) }],
      };
      return values[what];
    },
    { name: 'give' },
  );
  await give.push();
  const fn = await scatter.get(give);
  const paths = {
    function: 'result.user.onSave',
    symbol: 'result[0]',
    instance: 'result',
    promise: 'result[0].later',
  };
  for (const [what, path] of Object.entries(paths)) {
    await assert.rejects(fn(what), failsWith('VALUE_UNSUPPORTED', { path, function: 'give' }));
  }
});

test('arguments and results over their limits are VALUE_TOO_LARGE', async () => {
  const grow = scatter.track((size: number) => new Uint8Array(size), { name: 'grow' });
  await grow.push();
  const fn = await scatter.get(grow);
  const mebibytes = 9 * 1024 * 1024;
  const who = { function: 'echo', version: 1 };
  await assert.rejects(same(new Uint8Array(mebibytes)), failsWith('VALUE_TOO_LARGE', who));
  await assert.rejects(fn(mebibytes), failsWith('VALUE_TOO_LARGE', { function: 'grow' }));
  const small = same.with({ limits: { maxArgumentBytes: 100 } });
  await assert.rejects(small('x'.repeat(200)), failsWith('VALUE_TOO_LARGE', who));
  assert.equal(await small('x'), 'x');
});
