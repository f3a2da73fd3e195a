import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capability, isScatterError, provide, type ScatterFunction } from '../../src/index.ts';
import { CONTRACT_VALUES } from '../codec/contract-values.ts';
import { freshName, freshUrl, startScatter } from '../library/support.ts';
import { db, echoingDatabase, served, servedWith } from './support.ts';

test('a tracked function uses what the instance provides, behind its token', async () => {
  const database = echoingDatabase();
  const scatter = startScatter({ capabilities: [provide(db, database)] });
  const fn = await served(scatter, async (id: number) => {
    const rows = await db.query('select ?', id);
    return { rows, dropped: await db.admin.drop('t') };
  });
  assert.deepEqual(fn.requires, ['db']);
  assert.deepEqual(await fn(7), { rows: ['select ?', 7], dropped: 'dropped t' });
  assert.deepEqual(database.asked, [['select ?', 7]]);
});

test('every value of the contract crosses to a capability and back, as a copy', async () => {
  const seen: unknown[] = [];
  const echo = capability<(value: unknown) => Promise<unknown>>('echo');
  const scatter = startScatter({
    capabilities: [
      provide(echo, () => (value: unknown) => {
        seen.push(value);
        return value;
      }),
    ],
  });
  const fn = await served(scatter, (value: unknown) => echo(value));
  for (const [title, value] of CONTRACT_VALUES) {
    assert.deepEqual(await fn(value), value, title);
    assert.deepEqual(seen.at(-1), value, title);
  }
});

test('a destructured member of a token, and several capabilities, each reach their function', async () => {
  const { query } = db;
  const mail = capability<{ send(to: string): Promise<string> }>('a-mail');
  const scatter = startScatter({
    capabilities: [provide(db, echoingDatabase()), provide(mail, { send: (to) => `sent ${to}` })],
  });
  const fn = await served(scatter, async () => [await query('x'), await mail.send('me')]);
  assert.deepEqual(fn.requires, ['a-mail', 'db']);
  assert.deepEqual(await fn(), [['x'], 'sent me']);
});

test('tokens and provided objects are used from within captured objects', async () => {
  const clock = { now: async () => 42 };
  const deps = { db, parts: [{ clock }] };
  const scatter = startScatter({
    capabilities: [provide(db, echoingDatabase()), provide('clock', clock)],
  });
  const fn = await served(scatter, async () => [
    await deps.db.query('x'),
    await deps.parts[0]?.clock.now(),
  ]);
  assert.deepEqual(fn.requires, ['clock', 'db']);
  assert.deepEqual(await fn(), [['x'], 42]);
});

test('a fresh isolate for each call has its capabilities, too', async () => {
  const scatter = startScatter({ capabilities: [provide(db, echoingDatabase())] });
  const fn = await served(scatter, async (n: number) => [
    await db.query('a', n),
    await db.query('b'),
  ]);
  const fresh = fn.with({ limits: { freshIsolate: true } });
  assert.deepEqual(await Promise.all([1, 2].map((n) => fresh(n))), [
    [['a', 1], ['b']],
    [['a', 2], ['b']],
  ]);
});

test('a provided object and functions in it are recognised by identity', async () => {
  const api = {
    rates: { of: async (country: string) => `rate of ${country}` },
    ping: () => 'pong',
  };
  const { of } = api.rates;
  const scatter = startScatter({ capabilities: [provide('api', api)] });
  const fn = await served(scatter, async () => [
    await api.rates.of('DE'),
    await of('FR'),
    await api.ping(),
  ]);
  assert.deepEqual(fn.requires, ['api']);
  assert.deepEqual(await fn(), ['rate of DE', 'rate of FR', 'pong']);
});

test('a provided class instance in a closure is linked to its capability', async () => {
  class Client {
    #count = 0;
    async next(): Promise<number> {
      this.#count += 1;
      return this.#count;
    }
  }
  const client = new Client();
  const scatter = startScatter({
    capabilities: [provide('client', client, { methods: ['next'] })],
  });
  const fn = await served(scatter, async () => [await client.next(), await client.next()]);
  assert.deepEqual(await fn(), [1, 2]);
  assert.equal(await client.next(), 3);
});

test('an object provided under two names is linked to the one that track() says', async () => {
  const shared = { name: (): string => 'shared' };
  const first = provide('first', shared);
  provide('second', shared);
  const scatter = startScatter();
  const use = (): string => shared.name();
  const declared = scatter.track(use, { name: freshName(), capabilities: [first] });
  assert.deepEqual(declared.requires, ['first']);
  assert.deepEqual(scatter.track(use, { name: freshName() }).requires, ['second']);
});

test('track() adds what it declares to what a version requires, sorted', async () => {
  const late = capability('z-late');
  const early = provide('a-early', { get: () => 1 });
  const scatter = startScatter({
    capabilities: [provide(late, {}), early, provide(db, echoingDatabase())],
  });
  const name = freshName();
  const tracked = scatter.track(() => db.query('x'), { name, capabilities: [late, early, late] });
  assert.deepEqual(tracked.requires, ['a-early', 'db', 'z-late']);
  const info = await tracked.push();
  assert.deepEqual(info.requires, ['a-early', 'db', 'z-late']);
  assert.deepEqual(await (await scatter.get(name))(), ['x']);
});

test('what is provided in track() is given to the handles of that function', async () => {
  const scatter = startScatter();
  const given = provide(db, echoingDatabase());
  const tracked = scatter.track(() => db.query('x'), { name: freshName(), capabilities: [given] });
  await tracked.push();
  assert.deepEqual(await (await scatter.get(tracked))(), ['x']);
  assert.deepEqual(await tracked.with({})(), ['x']);
});

test('of init(), get() and with(), the nearest wins by name', async () => {
  const named = (label: string) => provide('label', { read: () => label });
  const label = capability<{ read(): Promise<string> }>('label');
  const scatter = startScatter({ capabilities: [named('init')] });
  const fn = await served(scatter, () => label.read());
  const nearer = await scatter.get<() => Promise<string>>(fn.name, {
    capabilities: [named('get')],
  });
  const nearest = nearer.with({ capabilities: [named('with')] });
  const others = nearest.with({ capabilities: [provide(db, echoingDatabase())] });
  assert.deepEqual(
    [await fn(), await nearer(), await nearest(), await others(), await nearer()],
    ['init', 'get', 'with', 'with', 'get'],
  );
});

test('a factory runs once an outermost call and is told of it; its context stays in the host', async () => {
  const calls: unknown[] = [];
  const signals: AbortSignal[] = [];
  const scatter = startScatter({
    capabilities: [
      provide(db, async ({ signal, ...call }) => {
        calls.push(call);
        signals.push(signal);
        const { tenant } = call.context as { tenant: string };
        return { query: async () => tenant, admin: { drop: async () => tenant } };
      }),
    ],
  });
  const fn = await served(scatter, async () => {
    const answers = await Promise.all([db.query('a'), db.query('b')]);
    return [...answers, await db.admin.drop('c')];
  });
  const tenant = (name: string, partition: string): ScatterFunction<() => Promise<unknown[]>> =>
    fn.with({ context: { tenant: name, connect: () => undefined }, partition });
  assert.deepEqual(await tenant('one', 'p')(), ['one', 'one', 'one']);
  assert.deepEqual(await tenant('two', 'q').with({ limits: {} })(), ['two', 'two', 'two']);
  const { name, version } = fn;
  assert.deepEqual(
    calls.map((call) => ({ ...(call as object), context: undefined })),
    ['p', 'q'].map((partition) => ({ function: name, version, partition, context: undefined })),
  );
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true],
  );
});

test('no factory runs for a call that does not use its capability', async () => {
  let made = 0;
  const factory = provide(db, () => {
    made += 1;
    return echoingDatabase();
  });
  const scatter = startScatter({ capabilities: [factory] });
  const fn = await served(scatter, async (use: boolean) => (use ? db.query('x') : 'unused'));
  assert.deepEqual([await fn(false), made, await fn(true), made], ['unused', 0, ['x'], 1]);
});

test('at the budget of maxCalls the guest gets an error, and the next call has a new budget', async () => {
  const few = capability<{ ask(): Promise<number> }>('few', { maxCalls: 3 });
  let asked = 0;
  const count = (): number => {
    asked += 1;
    return asked;
  };
  const scatter = startScatter({ capabilities: [provide(few, { ask: count })] });
  const fn = await served(scatter, async (times: number) => {
    const ends = [];
    for (let n = 0; n < times; n += 1) {
      ends.push(await few.ask().catch((error: { code: string }) => error.code));
    }
    return ends;
  });
  const exhausted = 'SCATTER_ERR_CAPABILITY_EXHAUSTED';
  assert.deepEqual(await fn(5), [1, 2, 3, exhausted, exhausted]);
  assert.deepEqual(await fn(1), [4]);
});

test('an implementation runs in the asynchronous context of whoever made the call', async () => {
  const { AsyncLocalStorage } = await import('node:async_hooks');
  const request = new AsyncLocalStorage<string>();
  const who = capability<{ ami(): Promise<string | undefined> }>('who');
  const scatter = startScatter({
    capabilities: [provide(who, { ami: () => request.getStore() })],
  });
  const fn = await served(scatter, () => who.ami());
  const answers = await Promise.all(['a', 'b'].map((id) => request.run(id, () => fn())));
  assert.deepEqual([...answers, await fn()], ['a', 'b', undefined]);
});

test('a capability in an isolate looks like no promise, keeps its members, and shows nothing', async () => {
  const fn = await servedWith(
    `($scatter) => async () => {
      const db = $scatter.capability(0);
      const facts = {
        awaited: (await db) === db, same: db.query === db.query, root: $scatter.capability(0) === db,
        thenable: db.then, symbol: db[Symbol.toPrimitive], type: typeof db, made: db.constructor,
        proto: Object.getPrototypeOf(db), keys: Reflect.ownKeys(db), json: JSON.stringify({ db }),
        has: ['query' in db, 'then' in db], deep: typeof db.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p,
      };
      const refused = [];
      for (const act of [() => { 'use strict'; db.query = 1; }, () => Object.defineProperty(db, 'a', { value: 1 }),
        () => Object.setPrototypeOf(db, {}), () => Object.freeze(db), () => new db(), () => String(db)]) {
        try { act(); refused.push('done'); } catch (error) { refused.push(error.constructor === TypeError); }
      }
      console.log(db);
      return { ...facts, refused };
    }`,
    [provide('db', echoingDatabase())],
  );
  const lines: string[] = [];
  assert.deepEqual(await fn.with({ onLog: ({ text }) => lines.push(text) })(), {
    awaited: true,
    same: true,
    root: true,
    thenable: undefined,
    symbol: undefined,
    type: 'function',
    made: undefined,
    proto: null,
    keys: [],
    json: '{}',
    has: [true, false],
    deep: 'function',
    refused: Array(6).fill(true),
  });
  assert.equal(lines.length, 1);
});

test('a capability cannot be an argument or a result', async () => {
  const scatter = startScatter({ url: freshUrl(), capabilities: [provide(db, echoingDatabase())] });
  const asResult = await served(scatter, () => db as unknown);
  await assert.rejects(asResult(), (error) =>
    isScatterError(error, 'SCATTER_ERR_VALUE_UNSUPPORTED'),
  );
  const asArgument = await served(scatter, () =>
    db.query('x', db).catch((error: Error) => error.message),
  );
  assert.match(String(await asArgument()), /args\[1\] is a function/);
});
