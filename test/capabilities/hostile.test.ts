import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capability, provide } from '../../src/index.ts';
import { TAMPER } from '../codec/tamper.ts';
import {
  freshName,
  freshUrl,
  gate,
  pushCode,
  registryOf,
  startScatter,
} from '../library/support.ts';
import { failsWith } from '../pool/support.ts';
import { echoingDatabase, servedCode } from './support.ts';

const codeOf = '(error) => error.code ?? error.name';

/** Guest code that sends records as only the prelude does: it calls `member` at any path. */
function asking(paths: readonly (readonly string[])[]): string {
  return `($scatter) => async () => {
    const ends = [];
    for (const path of ${JSON.stringify(paths)}) {
      let member = $scatter.capability(0);
      for (const key of path) member = member?.[key];
      ends.push(await (async () => member('x'))().then((value) => ({ value }), ${codeOf}));
    }
    return ends;
  }`;
}

test('a capability that the version does not declare is not asked, and the call ends at its limit', async () => {
  const scatter = startScatter({
    url: freshUrl(),
    capabilities: [provide('db', echoingDatabase()), provide('secret', { get: () => 'secret' })],
  });
  const registry = await registryOf(scatter);
  const undeclared: [string, readonly string[]][] = [
    ['1', ['db']],
    ['-1', ['db']],
    ['1e9', ['db']],
    ['0', []],
  ];
  for (const [index, requires] of undeclared) {
    const name = freshName();
    await pushCode(registry, name, `($scatter) => () => $scatter.capability(${index}).get()`, {
      requires,
    });
    const fn = await scatter.get(name, { limits: { timeoutMs: 50 } });
    await assert.rejects(fn(), failsWith('GUEST_TIMEOUT'), index);
  }
  // As a word it is 0: `db`, which has no such function.
  const name = freshName();
  const code = '($scatter) => () => $scatter.capability(2 ** 32).get()';
  await pushCode(registry, name, code, { requires: ['db'] });
  const fn = await scatter.get(name);
  await assert.rejects(fn(), failsWith('GUEST_THREW'));
});

test('only own functions of plain objects are reached, by whatever path', async () => {
  const reached: string[] = [];
  class Inner {
    method(): void {
      reached.push('a method of an inner instance');
    }
  }
  const implementation = {
    ok: () => 'ok',
    inner: new Inner(),
    list: [() => reached.push('an item')],
    map: new Map([['get', 1]]),
    value: 42,
    text: 'text',
    nothing: null,
    get accessor() {
      reached.push('an accessor');
      return () => 1;
    },
    ok2: Object.assign(() => 'ok2', { own: () => 'own' }),
  };
  const missing = [
    [],
    ['constructor'],
    ['__proto__'],
    ['__proto__', 'constructor'],
    ['hasOwnProperty'],
    ['toString'],
    ['ok', 'call'],
    ['ok', 'bind'],
    ['ok', 'constructor'],
    ['ok', 'prototype'],
    ['inner', 'method'],
    ['inner', 'constructor'],
    ['list', '0'],
    ['list', 'push'],
    ['map', 'get'],
    ['value'],
    ['value', 'toFixed'],
    ['text', 'at'],
    ['nothing'],
    ['nothing', 'x'],
    ['accessor'],
    ['not there'],
    ['not', 'there'],
  ];
  const fn = await servedCode(
    asking([...missing, ['ok'], ['ok2'], ['ok2', 'own']]),
    implementation,
  );
  const ends = (await fn()) as unknown[];
  assert.deepEqual(ends.slice(-3), [{ value: 'ok' }, { value: 'ok2' }, { value: 'own' }]);
  for (const [index, end] of ends.slice(0, -3).entries()) {
    assert.match(
      String(end),
      /^(SCATTER_ERR_CAPABILITY_MISSING|TypeError)$/,
      String(missing[index]),
    );
  }
  assert.deepEqual(reached, []);
});

test('paths of any length and text end as errors', async () => {
  const fn = await servedCode(
    `($scatter) => async () => {
      const db = $scatter.capability(0);
      let deep = db;
      const path = [];
      for (let n = 0; n < 16; n += 1) deep = deep['k'.repeat(n === 15 ? 5000 : 10)];
      const ends = [];
      for (const member of [deep, db['\\ud800'], db['\\u0000'], db[''], db['a.b']]) {
        ends.push(await member(1).catch(${codeOf}));
      }
      return [...ends, typeof db.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q];
    }`,
    echoingDatabase(),
  );
  const [deep, ...ends] = (await fn()) as string[];
  assert.equal(deep, 'TypeError');
  assert.deepEqual(ends, [...Array(4).fill('SCATTER_ERR_CAPABILITY_MISSING'), 'undefined']);
});

test('arguments that cannot cross are refused where they are made, and never reach the host', async () => {
  const database = echoingDatabase();
  const fn = await servedCode(
    `($scatter) => async () => {
      const { query } = $scatter.capability(0);
      const cycle = {}; cycle.self = cycle;
      const trap = { get x() { throw new RangeError('trap'); } };
      const odd = [() => 1, Symbol('s'), cycle, new (class A {})(), Promise.resolve(1), trap,
        new Uint8Array(9 * 1024 * 1024), new Proxy({}, { ownKeys() { throw new EvalError('x'); } })];
      const ends = [];
      for (const value of odd) ends.push(await query(value).then(() => 'sent', (error) => error.name));
      return ends;
    }`,
    database,
  );
  const typeErrors = Array(5).fill('TypeError');
  assert.deepEqual(await fn(), [...typeErrors, 'RangeError', 'TypeError', 'EvalError']);
  assert.deepEqual(database.asked, []);
});

test('100,000 calls at once reach an implementation maxCalls times, and the host serves on', async () => {
  let asked = 0;
  const few = capability<{ ask(n: number): Promise<number> }>('few', { maxCalls: 100 });
  const ask = (n: number): number => {
    asked += 1;
    return n;
  };
  const flood = `($scatter) => async () => {
    const { ask } = $scatter.capability(0);
    const calls = [];
    for (let n = 0; n < 100000; n += 1) calls.push(ask(n).then(() => 'ok', (error) => error.code));
    const ends = {};
    for (const end of await Promise.all(calls)) ends[end] = (ends[end] ?? 0) + 1;
    return ends;
  }`;
  const scatter = startScatter({
    url: freshUrl(),
    limits: { memoryMb: 400, cpuMs: 30_000 },
    capabilities: [provide(few, { ask })],
  });
  const name = freshName();
  await pushCode(await registryOf(scatter), name, flood, { requires: ['few'] });
  const fn = await scatter.get(name);
  const heard: number[] = [];
  const neighbour = await servedCode('() => (n) => n', {});
  const flooding = fn();
  for (let n = 0; n < 20; n += 1) heard.push((await neighbour(n)) as number);
  assert.deepEqual(await flooding, { ok: 100, SCATTER_ERR_CAPABILITY_EXHAUSTED: 99_900 });
  assert.equal(asked, 100);
  assert.equal(heard.length, 20);
});

test('arguments that pile up before slow implementations are bounded', async () => {
  let open = 0;
  const answers: (() => void)[] = [];
  const ask = (): Promise<string> => {
    open += 1;
    return new Promise((resolve) => answers.push(() => resolve('done')));
  };
  const fn = await servedCode(
    `($scatter) => async () => {
      const { ask } = $scatter.capability(0);
      const calls = [];
      for (let n = 0; n < 14; n += 1) {
        calls.push(ask(new Uint8Array(6 * 1024 * 1024)).catch(${codeOf}));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      const refused = await Promise.race(calls);
      console.log('refused');
      return [refused, ...await Promise.all(calls)];
    }`,
    { ask },
  );
  const logged = fn.with({
    onLog: () => {
      for (const answer of answers) answer();
    },
  });
  const [refused, ...ends] = (await logged()) as string[];
  assert.equal(refused, 'SCATTER_ERR_CAPABILITY_EXHAUSTED');
  assert.equal(open, 10);
  assert.equal(ends.filter((end) => end === 'done').length, 10);
});

test('a guest that replaced every built-in uses capabilities and reaches nothing', async () => {
  const fn = await servedCode(
    `($scatter) => {
      const tick = setTimeout, NativePromise = Promise;
      ${TAMPER}
      return async () => {
        globalThis.reached = '';
        const db = $scatter.capability(0);
        const answer = await db.query('x', { list: [1] });
        let code;
        try { await db.constructor_('x'); } catch (error) { code = error.code; }
        const seen = globalThis.reached;
        return { answer, code, seen };
      };
    }`,
    echoingDatabase(),
  );
  const { answer, code, seen } = (await fn()) as { answer: unknown; code: string; seen: string };
  assert.deepEqual(answer, ['x', { list: [1] }]);
  assert.equal(code, 'SCATTER_ERR_CAPABILITY_MISSING');
  const reached = seen
    .split(/ (?=get |set )/)
    .filter(
      (name) => !/^(|get (Object|Promise)\.prototype\.(constructor|then))$/.test(name.trim()),
    );
  assert.deepEqual(reached, []);
});

test('work that outlives its call asks for nothing in the name of another call', async () => {
  const seen: unknown[] = [];
  const begun = gate();
  const left = gate();
  const scatter = startScatter({
    url: freshUrl(),
    capabilities: [
      provide('db', ({ context }) => ({
        query: (label: string) => {
          seen.push([context, label]);
          begun.open();
          return left.passed;
        },
      })),
    ],
  });
  const name = freshName();
  await pushCode(
    await registryOf(scatter),
    name,
    `($scatter) => {
      const { query } = $scatter.capability(0);
      let leave;
      const left = new Promise((resolve) => { leave = resolve; });
      return async (label) => {
        if (label === 'is measured') return;
        if (label === 'leaves') {
          left.then(() => query('of the call that is over'));
          setTimeout(() => query('of its timer'), 1);
          return 'left';
        }
        await query('first');
        await new Promise((resolve) => setTimeout(resolve, 10));
        leave();
        await query('last');
      };
    }`,
    { requires: ['db'] },
  );
  const fn = await scatter.get(name);
  // Until then it is served one at a time.
  await fn('is measured');
  const staying = fn.with({ context: 'of the one that stays' })('stays');
  await begun.passed;
  assert.equal(await fn.with({ context: 'of the one that left' })('leaves'), 'left');
  left.open();
  await staying;
  // What `leave()` wakes runs within the call that wakes it, and is that one's.
  const own = ['first', 'last', 'of the call that is over'];
  assert.deepEqual(
    seen,
    own.map((label) => ['of the one that stays', label]),
  );
});
