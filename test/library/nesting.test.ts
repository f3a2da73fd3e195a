import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AnyFunction,
  isScatterError,
  type Scatter,
  type ScatterFunction,
} from '../../src/index.ts';
import { failsWith } from '../pool/support.ts';
import { freshName, gate, pushValue, startScatter } from './support.ts';

const scatter = startScatter();

/** Pushes `fn` and gets it by its name. */
async function served<F extends AnyFunction>(
  fn: F,
  name = freshName(),
  at: Scatter = scatter,
): Promise<ScatterFunction<F>> {
  await at.push([at.track(fn, { name })]);
  return at.get<F>(name);
}

test('a captured tracked function is inlined: later pushes of it change nothing', async () => {
  const name = freshName();
  const rate = scatter.track(() => 2, { name });
  await rate.push();
  const price = await served((n: number) => n * rate());
  assert.equal(await price(4), 8);
  await pushValue(scatter, name, 3);
  assert.equal(await price(4), 8);
});

test('a captured handle is linked: the call goes to the version that is live', async () => {
  const name = freshName();
  const rate = await served((): number => 2, name);
  const price = await served(async (n: number) => n * (await rate()));
  assert.equal(await price(4), 8);
  await pushValue(scatter, name, 3);
  assert.equal(await price(4), 12);
});

test('a captured pinned handle is linked to its version', async () => {
  const name = freshName();
  const rate = await served((): number => 2, name);
  await rate.pull(1);
  const price = await served(async (n: number) => n * (await rate()));
  await pushValue(scatter, name, 3);
  assert.equal(await price(4), 8);
});

test('a function met twice in one outermost call has the same version both times', async () => {
  const name = freshName();
  const rate = await served((): number => 1, name);
  const twice = await served(async () => {
    const before = await rate();
    // biome-ignore lint/suspicious/noConsole: tells the test that the first call is over.
    console.log('first');
    await new Promise((resolve) => setTimeout(resolve, 60));
    return [before, await rate()];
  });
  const first = gate();
  const running = twice.with({ onLog: () => first.open() })();
  await first.passed;
  await pushValue(scatter, name, 2);
  assert.deepEqual(await running, [1, 1]);
  assert.deepEqual(await twice(), [2, 2]);
});

test('a function that calls itself through its handle stays at its version', async () => {
  const name = freshName();
  await pushValue(scatter, name, 0);
  const self = (await scatter.get(name)) as unknown as (n: number) => Promise<string>;
  const down =
    (label: string) =>
    async (n: number): Promise<string> =>
      n === 0 ? label : `${label}${await self(n - 1)}`;
  const one = await served(down('a'), name);
  await served(down('b'), name);
  assert.equal(await one(2), 'bbb');
  await one.pull(2);
  assert.equal(await one(2), 'aaa');
});

test('calls 16 deep work, and endless recursion ends with an error', async () => {
  const name = freshName();
  await pushValue(scatter, name, 0);
  const self = (await scatter.get(name)) as unknown as (n: number) => Promise<number>;
  const down = await served(
    async (n: number): Promise<number> => (n === 0 ? 0 : 1 + (await self(n - 1))),
    name,
  );
  assert.equal(await down(16), 16);
  for (const depth of [17, Number.POSITIVE_INFINITY]) {
    await assert.rejects(down(depth), (error) => {
      assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_THREW'));
      assert.match(error.guest?.message ?? '', /CALL_TOO_DEEP/);
      return true;
    });
  }
});

test('what the inner function throws reaches the outer one with name, message and data', async () => {
  const inner = await served((): never => {
    throw Object.assign(new RangeError('sold out'), { statusCode: 409, left: [0] });
  });
  const outer = await served(async () => {
    try {
      return await inner();
    } catch (error) {
      if (!(error instanceof Error)) return 'no error';
      return [error.name, error.message, { ...error }];
    }
  });
  assert.deepEqual(await outer(), ['RangeError', 'sold out', { statusCode: 409, left: [0] }]);
  const through = await served(async (): Promise<unknown> => inner());
  await assert.rejects(through(), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_THREW'));
    assert.deepEqual([error.function, error.guest?.name], [through.name, 'RangeError']);
    assert.equal(error.guest?.message, 'sold out');
    return true;
  });
});

test("the caller's deadline and signal cover nested calls", async () => {
  const inner = await served(() => new Promise((resolve) => setTimeout(resolve, 60_000)));
  const outer = await served(async () => inner());
  await assert.rejects(
    outer.with({ limits: { timeoutMs: 40 } })(),
    (error) => isScatterError(error) && /GUEST_TIMEOUT|GUEST_THREW/.test(error.code),
  );
  const controller = new AbortController();
  const running = outer.with({ signal: controller.signal })();
  setTimeout(() => controller.abort(), 5);
  await assert.rejects(running, failsWith('ABORTED'));
});

test('nested calls run on the partition of the outermost one', async () => {
  let calls = 0;
  const inner = await served(() => {
    calls += 1;
    return calls;
  });
  const outer = await served(async () => inner());
  const [a, b] = [outer.with({ partition: 'a' }), outer.with({ partition: 'b' })];
  assert.deepEqual([await a(), await a(), await b(), await outer()], [1, 2, 1, 1]);
  assert.equal(await inner.with({ partition: 'a' })(), 3);
});

test('values that cannot cross to a linked function throw in the one that calls', async () => {
  const inner = await served((value: unknown) => value);
  const outer = await served(async () => {
    try {
      return await inner(() => 1);
    } catch (error) {
      return error instanceof Error ? error.message : 'no error';
    }
  });
  assert.match(String(await outer()), /args\[0\]/);
});

test('a link to a function that is gone throws in the one that calls', async () => {
  const inner = await served(() => 1);
  const outer = await served(async () => inner());
  assert.equal(await outer(), 1);
  await inner.delete();
  await assert.rejects(outer(), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_THREW'));
    assert.deepEqual(error.guest?.data, { code: 'SCATTER_ERR_FUNCTION_NOT_FOUND' });
    return true;
  });
});

test('300 calls at once that each make nested calls all end', async () => {
  const inner = await served(async (n: number) => n + 1);
  const outer = await served(async (n: number) => {
    const [a, b] = await Promise.all([inner(n), inner(n + 1)]);
    return inner(a + b);
  });
  const numbers = Array.from({ length: 300 }, (_, n) => n);
  assert.deepEqual(
    await Promise.all(numbers.map((n) => outer(n))),
    numbers.map((n) => 2 * n + 4),
  );
});
