import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capability, provide, track, withCapabilities } from '../../src/index.ts';
import { failsWith } from '../pool/support.ts';
import { type Database, db, echoingDatabase } from './support.ts';

const lookUp = track((id: number) => db.query('select', id), { name: 'lookUp' });

test('a direct call of a tracked function uses what withCapabilities() put in scope', async () => {
  const fake = echoingDatabase();
  assert.deepEqual(await withCapabilities([provide(db, fake)], () => lookUp(7)), ['select', 7]);
  assert.deepEqual(fake.asked, [['select', 7]]);
});

test('nested functions, synchronous fakes and functions that are capabilities work in scope', async () => {
  const now = capability<() => Promise<number>>('now');
  const dropAll = track(async () => [await db.admin.drop('t'), await now()], { name: 'dropAll' });
  const fake = { query: () => [], admin: { drop: (table: string) => `fake ${table}` } };
  const provided = [provide('db', fake), provide(now, () => () => 42)];
  assert.deepEqual(await withCapabilities(provided, () => dropAll()), ['fake t', 42]);
  const { then } = withCapabilities(provided, () => db.query('x')) as Promise<unknown>;
  assert.equal(typeof then, 'function');
});

test('outside of withCapabilities() a token throws CAPABILITY_MISSING naming it, at once', () => {
  assert.throws(() => lookUp(1), failsWith('CAPABILITY_MISSING', { capability: 'db' }));
  assert.throws(() => db.query('x'), /`db`/);
  withCapabilities([provide(capability('other'), {})], () => {
    assert.throws(() => lookUp(1), failsWith('CAPABILITY_MISSING', { capability: 'db' }));
  });
});

test('scopes nest, the nearest provision wins, and the outer one is there for what it lacks', async () => {
  const mail = capability<{ send(to: string): Promise<string> }>('mail');
  const run = track(async () => [await db.query('a'), await mail.send('b')], { name: 'run' });
  const named = (label: string): Database => ({
    query: async () => label,
    admin: { drop: async () => label },
  });
  const outer = [provide(db, named('outer')), provide(mail, { send: (to) => `to ${to}` })];
  const results = await withCapabilities(outer, async () => {
    const inner = await withCapabilities([provide(db, named('inner'))], () => run());
    return [inner, await run()];
  });
  assert.deepEqual(results, [
    ['inner', 'to b'],
    ['outer', 'to b'],
  ]);
});

test('scopes of calls that run at the same time do not mix, in asynchronous code either', async () => {
  const slow = track(
    async (n: number) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return db.query(String(n));
    },
    { name: 'slow' },
  );
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const results = await Promise.all(
    numbers.map((n) => {
      const query = async (sql: string): Promise<unknown> => `${sql} of ${n}`;
      const fake = { query, admin: { drop: async () => '' } };
      return withCapabilities([provide(db, fake)], () => slow(n));
    }),
  );
  assert.deepEqual(
    results,
    numbers.map((n) => `${n} of ${n}`),
  );
});

test('a factory runs once a scope, when it is used first, and its signal aborts at the end', async () => {
  let made = 0;
  let ended: AbortSignal | undefined;
  const factory = provide(db, ({ signal, context }) => {
    made += 1;
    ended = signal;
    assert.equal(context, undefined);
    return echoingDatabase();
  });
  withCapabilities([factory], () => 'unused');
  assert.equal(made, 0);
  await withCapabilities([factory], async () => {
    await Promise.all([lookUp(1), lookUp(2)]);
    assert.equal(ended?.aborted, false);
  });
  assert.equal(made, 1);
  assert.equal(ended?.aborted, true);
});

test('what run throws passes through withCapabilities(), and so does what a fake throws', async () => {
  const thrown = new RangeError('as it is');
  const fails = (): never => {
    throw thrown;
  };
  assert.throws(
    () => withCapabilities([], fails),
    (error) => error === thrown,
  );
  const fake = { query: fails, admin: { drop: fails } };
  await assert.rejects(
    async () => withCapabilities([provide(db, fake)], () => lookUp(1)),
    (error) => error === thrown,
  );
});

test('a token looks like no promise, keeps its members and takes none', async () => {
  assert.equal(await db, db);
  assert.equal(db.query, db.query);
  assert.equal(Reflect.get(db, 'then'), undefined);
  assert.equal(Reflect.get(db, Symbol.iterator), undefined);
  assert.equal(Reflect.get(db.admin, 'constructor'), undefined);
  assert.throws(() => Object.assign(db, { query: 1 }), TypeError);
  assert.throws(() => Object.defineProperty(db, 'query', { value: 1 }), TypeError);
});

test('names and limits of capabilities are checked: CONFIG_INVALID', () => {
  const invalid = failsWith('CONFIG_INVALID');
  for (const name of ['', ' db', 'a@b', 'a\nb', '\ud800', 'x'.repeat(257), 7, undefined, {}]) {
    assert.throws(() => capability(name as string), invalid, String(name));
  }
  for (const limits of [
    { maxCalls: 0 },
    { maxCalls: 1.5 },
    { timeoutMs: -1 },
    { timeoutMs: 2 ** 31 },
  ]) {
    assert.throws(() => capability('db', limits), invalid);
  }
  assert.throws(() => capability('db', { retries: 1 } as never), invalid);
  assert.ok(capability('billing/db', { maxCalls: 1, timeoutMs: 1 }));
});
