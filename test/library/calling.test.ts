import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type GuestLogLine, isScatterError, type ScatterFunction } from '../../src/index.ts';
import { failsWith } from '../pool/support.ts';
import { freshName, startScatter } from './support.ts';

const SOURCE = readFileSync(new URL(import.meta.url), 'utf8');
process.env['SCATTER_TEST_COLOUR'] = 'blue';
const scatter = startScatter({ env: ['SCATTER_TEST_COLOUR', 'SCATTER_TEST_UNSET'] });

type Fn<A extends unknown[], R> = (...args: A) => R;

/** Pushes `fn` and gets it. */
async function served<A extends unknown[], R>(
  fn: Fn<A, R>,
  name = freshName(),
): Promise<ScatterFunction<Fn<A, R>>> {
  const tracked = scatter.track(fn, { name });
  await tracked.push();
  return scatter.get<Fn<A, R>>(tracked as unknown as Parameters<typeof scatter.get<Fn<A, R>>>[0]);
}

let calls = 0;
const count = (): number => {
  calls += 1;
  return calls;
};

test('module-level state is per partition and shared within one', async () => {
  const fn = await served(count);
  const [a, b] = [fn.with({ partition: 'a' }), fn.with({ partition: 'b' })];
  assert.deepEqual([await a(), await a(), await b(), await fn(), await a()], [1, 2, 1, 1, 3]);
  assert.equal(calls, 0);
});

test('module-level state is lost at a swap', async () => {
  const name = freshName();
  const fn = await served(count, name);
  assert.deepEqual([await fn(), await fn()], [1, 2]);
  await scatter.push([scatter.track(() => 0, { name })]);
  await fn.rollback();
  assert.equal(await fn(), 1);
});

test('freshIsolate gives no call the state of another', async () => {
  const fn = (await served(count)).with({ limits: { freshIsolate: true } });
  assert.deepEqual([await fn(), await fn()], [1, 1]);
});

test('of two limits the lower wins', async () => {
  const fn = await served(
    (ms: number) => new Promise((resolve) => setTimeout(resolve, ms, 'done')),
  );
  const short = fn.with({ limits: { timeoutMs: 30 } });
  await assert.rejects(short(60_000), failsWith('GUEST_TIMEOUT'));
  const higher = short.with({ limits: { timeoutMs: 20_000 } });
  await assert.rejects(higher(60_000), failsWith('GUEST_TIMEOUT'));
  assert.equal(await fn(1), 'done');
});

test('limits given to get() hold for that handle', async () => {
  const fn = await served((size: number) => 'x'.repeat(size));
  const small = await scatter.get(fn.name, { limits: { maxResultBytes: 100 } });
  await assert.rejects(small(1000), failsWith('VALUE_TOO_LARGE'));
  assert.equal((await fn(1000)).length, 1000);
});

test('a signal aborts before and during a call', async () => {
  const fn = await served(() => new Promise((resolve) => setTimeout(resolve, 60_000)));
  await assert.rejects(fn.with({ signal: AbortSignal.abort() })(), failsWith('ABORTED'));
  const controller = new AbortController();
  const lines: string[] = [];
  const running = fn.with({ signal: controller.signal, onLog: ({ text }) => lines.push(text) })();
  setImmediate(() => controller.abort());
  await assert.rejects(running, failsWith('ABORTED', { function: fn.name }));
});

test('onLog and the logger get what a function prints, with its name and version', async () => {
  const logged: unknown[] = [];
  const log = (fields: object, message: string): unknown => logged.push([{ ...fields }, message]);
  const own = startScatter({
    logger: { debug: log, info: log, warn: log, error: log },
  });
  const name = freshName();
  // biome-ignore lint/suspicious/noConsole: what the guest prints.
  const speak = own.track((what: string) => console.warn('said', what), { name });
  await speak.push();
  const lines: GuestLogLine[] = [];
  await (await own.get(speak)).with({ onLog: (line) => lines.push(line) })('hello');
  assert.deepEqual(lines, [{ level: 'warn', text: 'said hello', function: name, version: 1 }]);
  assert.deepEqual(logged, [[{ function: name, version: 1 }, 'said hello']]);
});

test('a throwing onLog breaks neither the call nor those after it', async () => {
  // biome-ignore lint/suspicious/noConsole: what the guest prints.
  const fn = await served(() => console.log('hello') ?? 1);
  const onLog = (): never => {
    throw new Error('of the listener');
  };
  const warned = once(process, 'warning');
  const outcome = await fn.with({ onLog })();
  assert.match(String(await warned), /onLog threw: Error: of the listener/);
  assert.equal(outcome, 1);
  assert.equal(await fn(), 1);
});

test('functions read the environment variables named in env and no others', async () => {
  const fn = await served(() => ({ ...process.env }));
  assert.deepEqual(await fn(), { SCATTER_TEST_COLOUR: 'blue' });
});

test('an argument is taken as it is at the time of the call', async () => {
  const fn = await served((list: number[], bytes: Uint8Array) => [list, bytes]);
  const list = [1];
  const bytes = Uint8Array.of(1);
  const running = fn(list, bytes);
  list.push(2);
  bytes[0] = 9;
  assert.deepEqual(await running, [[1], Uint8Array.of(1)]);
});

test("a function's error tells its name, message, own fields and the author's line", async () => {
  const fn = await served((message: string): never => {
    const fields = { statusCode: 409, items: [{ id: 1 }] };
    const error = Object.assign(new RangeError(message), fields);
    throw error;
  });
  await assert.rejects(fn('sold out'), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_THREW'));
    const { guest } = error;
    assert.deepEqual([error.function, error.version, error.retryable], [fn.name, 1, false]);
    assert.deepEqual([guest?.name, guest?.message], ['RangeError', 'sold out']);
    assert.deepEqual(guest?.data, { statusCode: 409, items: [{ id: 1 }] });
    const line = lineOf('new RangeError(message)');
    assert.match(guest?.stack ?? '', new RegExp(`test/library/calling\\.test\\.ts:${line}:\\d+`));
    return true;
  });
});

test('a thrown non-Error has the name NonError and the value in data', async () => {
  const fn = await served((value: unknown): never => {
    throw value;
  });
  for (const value of ['text', 42, undefined, null, { reason: 'none' }]) {
    await assert.rejects(fn(value), (error) => {
      assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_THREW'));
      assert.deepEqual([error.guest?.name, error.guest?.data], ['NonError', value]);
      return true;
    });
  }
});

test('a rejected promise is the same as a throw', async () => {
  const fn = await served(async () => Promise.reject(new TypeError('later')));
  await assert.rejects(fn(), (error) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_GUEST_THREW'));
    assert.deepEqual([error.guest?.name, error.guest?.message], ['TypeError', 'later']);
    return true;
  });
});

/** The line of this file that has `text` first. */
function lineOf(text: string): number {
  const lines = SOURCE.split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}
