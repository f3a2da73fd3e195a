import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capability, provide, withCapabilities } from '../../src/index.ts';
import { freshName, startScatter } from '../library/support.ts';
import { failsWith } from '../pool/support.ts';
import { db, echoingDatabase, served } from './support.ts';

const invalid = failsWith('CONFIG_INVALID');

class Client {
  #secret = 'kept';
  async query(sql: string): Promise<string> {
    return `${sql} with ${this.#secret}`;
  }
  async close(): Promise<void> {
    throw new Error('closed by a guest');
  }
}

test('provide() takes a token or a name and nothing else', () => {
  for (const odd of [undefined, null, 7, {}, () => 1, [], Symbol('db'), db.query]) {
    assert.throws(() => provide(odd as never, {} as never), invalid);
  }
  assert.equal(provide('db', {}).name, 'db');
  assert.equal(provide(db, echoingDatabase()).name, 'db');
});

test('provide() refuses what no guest could use', () => {
  for (const odd of [undefined, null, 7, 'text', Symbol('x'), [], new Map(), new Client()]) {
    assert.throws(() => provide('db', odd as never), invalid);
  }
  const client = new Client();
  assert.throws(() => provide('db', client, { methods: ['query', 'insert'] }), invalid);
  assert.throws(() => provide('db', client, { methods: ['constructor'] }), invalid);
  assert.throws(() => provide('db', client, { methods: 'query' as never }), invalid);
  assert.throws(() => provide('db', {}, { allow: 'billing/*' as never }), invalid);
  assert.throws(() => provide('db', {}, { colour: 'red' } as never), invalid);
});

test('only what provide() made is taken for a capability, each name once', async () => {
  const lookalike = { ...provide('db', {}) };
  const twice = [provide('db', {}), provide(db, echoingDatabase())];
  for (const odd of [[lookalike], [db], 'db', null, { db: {} }, twice]) {
    const capabilities = odd as never;
    assert.throws(() => startScatter({ capabilities }), invalid);
    assert.throws(() => withCapabilities(capabilities, () => 1), invalid);
  }
  const scatter = startScatter();
  await assert.rejects(scatter.get(db as never), invalid);
  const fn = await served(scatter, () => 1);
  assert.throws(() => fn.with({ capabilities: [lookalike] }), invalid);
  await assert.rejects(scatter.get(fn.name, { capabilities: twice }), invalid);
  assert.throws(() => scatter.track(() => 1, { name: 'f', capabilities: [{}] }), invalid);
  assert.throws(
    () => scatter.track(() => 1, { name: 'f', capabilities: ['db'] as never }),
    invalid,
  );
});

test('of a class instance the listed methods cross, called on it, and nothing else', async () => {
  const client = new Client();
  const scatter = startScatter({
    capabilities: [provide('client', client, { methods: ['query'] })],
  });
  const token = capability<{ query(sql: string): Promise<string>; close(): Promise<void> }>(
    'client',
  );
  const fn = await served(scatter, async () => {
    const closed = await token.close().catch((error: Error) => error.message);
    return [await token.query('select'), closed];
  });
  const [answer, closed] = await fn();
  assert.equal(answer, 'select with kept');
  assert.match(String(closed), /no function `close`/);
});

test('methods narrows a plain object and what a factory makes', async () => {
  const make = () => ({ one: () => 1, two: () => 2 });
  const [plain, made] = ['plain', 'made'].map((name) =>
    capability<{ one(): Promise<number>; two(): Promise<number> }>(name),
  );
  assert.ok(plain && made);
  const scatter = startScatter({
    capabilities: [
      provide('plain', make(), { methods: ['one'] }),
      provide('made', make, { methods: ['two'] }),
    ],
  });
  const fn = await served(scatter, async () => {
    const refused = (error: { code: string }): string => error.code;
    return [
      await plain.one(),
      await plain.two().catch(refused),
      await made.one().catch(refused),
      await made.two(),
    ];
  });
  const missing = 'SCATTER_ERR_CAPABILITY_MISSING';
  assert.deepEqual(await fn(), [1, missing, missing, 2]);
});

test('allow narrows by the name of the function, with * for any text', async () => {
  const scatter = startScatter({
    capabilities: [provide(db, echoingDatabase(), { allow: ['billing/*', '*-report', 'total'] })],
  });
  const use = (): Promise<unknown> => db.query('x');
  for (const name of ['billing/', 'billing/a/b', 'day-report', 'total']) {
    assert.deepEqual(await (await served(scatter, use, {}, name))(), ['x'], name);
  }
  for (const name of ['billing', 'a/billing/b', 'report', 'totals', freshName()]) {
    const missing = failsWith('CAPABILITY_MISSING', { function: name, capability: 'db' });
    await assert.rejects(served(scatter, use, {}, name), missing, name);
  }
});
