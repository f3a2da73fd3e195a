import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AnyFunction,
  type GetOptions,
  isScatterError,
  type Scatter,
  type ScatterFunction,
} from '../../src/index.ts';
import { CONTRACT_VALUES } from '../codec/contract-values.ts';
import { failsWith } from '../pool/support.ts';
import { freshName, freshUrl, startScatter } from './support.ts';

const scatter = startScatter();
const inHost = startScatter({ isolation: 'none' });

async function served<F extends AnyFunction>(
  at: Scatter,
  fn: F,
  options: GetOptions = {},
): Promise<ScatterFunction<F>> {
  const name = freshName();
  await at.push([at.track(fn, { name })]);
  return at.get<F>(name, options);
}

const trusted = { trusted: true };

/** What a call ends with, in a form that can be compared. */
async function outcomeOf(call: () => unknown): Promise<unknown> {
  try {
    return { value: await call() };
  } catch (error) {
    if (!isScatterError(error)) throw error;
    const { code, path, version, guest } = error;
    return { code, path, version, name: guest?.name, message: guest?.message, data: guest?.data };
  }
}

const FAILING: readonly (readonly [string, (value?: unknown) => unknown])[] = [
  [
    'an error with fields',
    () => {
      throw Object.assign(new RangeError('r'), { left: [0] });
    },
  ],
  [
    'a thrown string',
    () => {
      throw 'text';
    },
  ],
  [
    'a thrown object',
    () => {
      throw { reason: 'none' };
    },
  ],
  [
    'a thrown object without text',
    () => {
      throw { __proto__: null, toString: () => ({}) };
    },
  ],
  [
    'thrown undefined',
    () => {
      throw undefined;
    },
  ],
  [
    'fields that cannot cross',
    () => {
      throw Object.assign(new Error('e'), { fn: () => 1, ok: 1 });
    },
  ],
  ['a result that cannot cross', () => ({ fn: () => 1 })],
  ['a large result', () => new Uint8Array(9 * 1024 * 1024)],
];

test('callSync() needs a handle got with trusted', async () => {
  const fn = await served(scatter, () => 1);
  assert.throws(() => fn.callSync(), failsWith('CONFIG_INVALID', { function: fn.name }));
});

test('callSync() gives what a call gives', async () => {
  const fn = await served(scatter, (value: unknown) => value, trusted);
  for (const [title, value] of CONTRACT_VALUES) {
    assert.deepEqual(fn.callSync(value), value, title);
  }
});

test('callSync() throws what a call rejects with', async (t) => {
  for (const [title, code] of FAILING) {
    await t.test(title, async () => {
      const fn = await served(scatter, code, trusted);
      assert.deepEqual(await outcomeOf(() => fn.callSync()), await outcomeOf(() => fn()));
    });
  }
  const fn = await served(scatter, (value: unknown) => value, trusted);
  for (const value of [() => 1, new Uint8Array(9 * 1024 * 1024)]) {
    assert.deepEqual(await outcomeOf(() => fn.callSync(value)), await outcomeOf(() => fn(value)));
  }
});

test('callSync() keeps state as a partition does and stops what runs too long', async () => {
  let calls = 0;
  const count = (): number => {
    calls += 1;
    return calls;
  };
  const fn = await served(scatter, count, trusted);
  const a = fn.with({ partition: 'a' });
  assert.deepEqual([a.callSync(), a.callSync(), fn.callSync()], [1, 2, 1]);
  const endless = await served(
    scatter,
    () => {
      for (;;);
    },
    trusted,
  );
  const short = endless.with({ limits: { cpuMs: 50 } });
  assert.throws(() => short.callSync(), failsWith('GUEST_TIMEOUT'));
});

test('callSync() with a signal that is aborted already does not run', async () => {
  const fn = await served(scatter, () => 1, trusted);
  const aborted = fn.with({ signal: AbortSignal.abort() });
  assert.throws(() => aborted.callSync(), failsWith('ABORTED', { function: fn.name }));
});

test('callSync() of a function that gives a promise is CALL_NOT_SYNC', async () => {
  const fn = await served(
    scatter,
    () => new Promise((resolve) => setTimeout(resolve, 60_000)),
    trusted,
  );
  assert.throws(() => fn.callSync(), failsWith('CALL_NOT_SYNC', { function: fn.name }));
  assert.throws(() => fn.callSync(), failsWith('CALL_NOT_SYNC'));
});

test("isolation: 'none' runs own code in the host and starts no process", async () => {
  const seen: number[] = [];
  const fn = await served(inHost, (n: number) => seen.push(n));
  assert.equal(await fn(7), 1);
  assert.deepEqual(seen, [7]);
  assert.deepEqual((await inHost.stats()).pids, []);
});

test("isolation: 'none' gives the values of isolated calls", async () => {
  const fn = await served(inHost, (value: unknown) => value, trusted);
  for (const [title, value] of CONTRACT_VALUES) assert.deepEqual(await fn(value), value, title);
  const given = { a: 1 };
  assert.notEqual(await fn(given), given);
});

test("isolation: 'none' gives the errors of isolated calls", async (t) => {
  for (const [title, code] of FAILING) {
    await t.test(title, async () => {
      const isolated = await served(scatter, code);
      const own = await served(inHost, code);
      assert.deepEqual(await outcomeOf(() => own()), await outcomeOf(() => isolated()));
    });
  }
  const [own, isolated] = [
    await served(inHost, (v: unknown) => v),
    await served(scatter, (v: unknown) => v),
  ];
  for (const value of [() => 1, new Uint8Array(9 * 1024 * 1024)]) {
    assert.deepEqual(await outcomeOf(() => own(value)), await outcomeOf(() => isolated(value)));
  }
});

test("isolation: 'none' keeps module-level state of the program", async () => {
  let calls = 0;
  const fn = await served(inHost, () => {
    calls += 1;
    return calls;
  });
  assert.deepEqual([await fn(), await fn(), calls], [1, 2, 2]);
});

test("isolation: 'none' knows signals and time limits of what waits", async () => {
  const fn = await served(inHost, () => new Promise((resolve) => setTimeout(resolve, 200, 1)));
  await assert.rejects(fn.with({ signal: AbortSignal.abort() })(), failsWith('ABORTED'));
  const controller = new AbortController();
  const running = fn.with({ signal: controller.signal })();
  controller.abort();
  await assert.rejects(running, failsWith('ABORTED'));
  await assert.rejects(fn.with({ limits: { timeoutMs: 5 } })(), failsWith('GUEST_TIMEOUT'));
});

test("isolation: 'none' refuses code that this program did not track", async () => {
  const url = freshUrl();
  const [writer, own] = [startScatter({ url }), startScatter({ url, isolation: 'none' })];
  await writer.push([writer.track(() => 1, { name: 'theirs' })]);
  const fn = await own.get('theirs', trusted);
  assert.throws(() => fn.callSync(), failsWith('CONFIG_INVALID', { function: 'theirs' }));
  await assert.rejects(fn(), failsWith('CONFIG_INVALID', { function: 'theirs', version: 1 }));
});
