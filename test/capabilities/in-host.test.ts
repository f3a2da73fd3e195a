import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capability, provide, withCapabilities } from '../../src/index.ts';
import { CONTRACT_VALUES } from '../codec/contract-values.ts';
import { freshName, gate, pushValue, startScatter } from '../library/support.ts';
import { failsWith } from '../pool/support.ts';
import { db, echoingDatabase, served } from './support.ts';

const echo = capability<(value: unknown) => Promise<unknown>>('echo', {
  maxCalls: 60,
  timeoutMs: 20,
});
const none = { isolation: 'none' } as const;

test("isolation: 'none' gives a call the capabilities that it has, as copies of values", async () => {
  const seen: unknown[] = [];
  const echoing = (value: unknown): unknown => {
    seen.push(value);
    return value;
  };
  const scatter = startScatter({ ...none, capabilities: [provide(echo, () => echoing)] });
  const fn = await served(scatter, (value: unknown) => echo(value));
  for (const [title, value] of CONTRACT_VALUES) assert.deepEqual(await fn(value), value, title);
  const kept = { list: [1] };
  const changing = await served(scatter, async () => {
    const answer = await echo(kept);
    return answer === kept;
  });
  assert.equal(await changing(), false);
  assert.notEqual(seen.at(-1), kept);
});

test("isolation: 'none' ends as an isolate does: the same errors, budget, time limit and values", async () => {
  const asks: [string, (value: unknown) => unknown, unknown][] = [
    [
      'an error with a code',
      () => Promise.reject(Object.assign(new RangeError('r'), { code: 'R' })),
      1,
    ],
    ['a function as answer', () => () => 1, 1],
    ['no answer', () => new Promise(() => undefined), 1],
    ['a function as argument', (value) => value, () => 1],
    ['a large answer', () => new Uint8Array(9 * 1024 * 1024), 1],
  ];
  for (const [title, ask, value] of asks) {
    const ends = [];
    for (const isolation of ['none', 'process'] as const) {
      const scatter = startScatter({ isolation, capabilities: [provide(echo, () => ask)] });
      const fn = await served(scatter, (odd: boolean) =>
        echo(odd ? () => 1 : 1).then(
          () => 'answered',
          (error) => ({ name: error.name, message: error.message, code: error.code, ...error }),
        ),
      );
      ends.push(await fn(typeof value === 'function'));
      await scatter.close();
    }
    assert.deepEqual(ends[0], ends[1], title);
    assert.notEqual(ends[0], 'answered', title);
  }
});

test("isolation: 'none' has the budget, the factory and the context of the outermost call", async () => {
  let made = 0;
  const scatter = startScatter({
    ...none,
    capabilities: [
      provide(echo, ({ context, function: name }) => {
        made += 1;
        return async () => `${String(context)} of ${name}`;
      }),
    ],
  });
  const inner = await served(scatter, () => echo(1));
  const outer = await served(scatter, async (times: number) => {
    const answers = [];
    for (let n = 0; n < times; n += 1) answers.push(await echo(n), await inner());
    return answers;
  });
  const label = `c of ${outer.name}`;
  assert.deepEqual(await outer.with({ context: 'c' })(2), [label, label, label, label]);
  assert.equal(made, 1);
  await assert.rejects(outer(31), failsWith('GUEST_THREW'));
  assert.equal(await inner.with({ context: 'd' })(), `d of ${inner.name}`);
});

test("isolation: 'none' needs what a version declares at get(), and blocks what is not given", async () => {
  const scatter = startScatter(none);
  const name = freshName();
  await pushValue(scatter, name, 1);
  const fn = await scatter.get(name);
  const blocked = new Promise((resolve) => fn.on('blocked', resolve));
  await scatter.push([scatter.track(() => db.query('x'), { name })]);
  await blocked;
  assert.equal(fn.version, 1);
  const missing = failsWith('CAPABILITY_MISSING', { function: name, capability: 'db' });
  await assert.rejects(scatter.get(name), missing);
  const given = await scatter.get(name, { capabilities: [provide(db, echoingDatabase())] });
  assert.deepEqual(await given(), ['x']);
});

test("a call with isolation: 'none' has its own provisions, not the withCapabilities() around it", async () => {
  const scatter = startScatter({ ...none, capabilities: [provide(db, echoingDatabase())] });
  const fn = await served(scatter, () => db.query('given'));
  const around = { query: async () => 'from around', admin: { drop: async () => '' } };
  const answers = await withCapabilities([provide(db, around)], async () => {
    return [await fn(), await db.query('direct')];
  });
  assert.deepEqual(answers, [['given'], 'from around']);
});

test("what an implementation calls is no part of the call with isolation: 'none' that uses it", async () => {
  const scatter = startScatter(none);
  const inner = await served(scatter, async () => 'inner');
  const asking = provide(echo, () => async () => inner.with({ context: 'own' })());
  const fn = await served(scatter, () => echo(1), { capabilities: [asking] });
  assert.equal(await fn(), 'inner');
});

test("a call with isolation: 'none' that ends takes its capability calls with it", async () => {
  const asked = gate<AbortSignal>();
  const scatter = startScatter({
    ...none,
    capabilities: [
      provide(db, ({ signal }) => ({
        query: () => {
          asked.open(signal);
          return new Promise(() => undefined);
        },
        admin: { drop: () => 'never' },
      })),
    ],
  });
  const fn = await served(scatter, () => db.query('x'));
  await assert.rejects(fn.with({ limits: { timeoutMs: 20 } })(), failsWith('GUEST_TIMEOUT'));
  assert.equal((await asked.passed).aborted, true);
});
