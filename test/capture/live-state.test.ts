import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext, runInThisContext } from 'node:vm';
import { capture } from '../../src/capture/index.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';
import { evaluate } from './evaluate.ts';
import { guestOutcome } from './guest.ts';

test('a captured value is what it was at the capture, and its own from then on', async () => {
  const settings = { level: 1 };
  const guest = evaluate(await capture(() => ++settings.level));
  settings.level = 10;
  assert.deepEqual([guest(), guest(), settings.level], [2, 3, 10]);
});

test('what changes while the code of a capture is written does not get into it', async () => {
  const settings = { level: 1, list: [1] };
  const capturing = capture(() => settings);
  settings.level = 2;
  settings.list.push(2);
  const { value } = await guestOutcome(await capturing, []);
  assert.deepEqual(value, { level: 1, list: [1] });
});

test('a variable has the value that it has at the capture', async () => {
  let current = 'first';
  const read = (): string => current;
  const before = await capture(read);
  current = 'second';
  const after = await capture(read);
  assert.deepEqual([evaluate(before)(), evaluate(after)()], ['first', 'second']);
});

test('a function that was replaced between two captures is the new one', async () => {
  const steps = { run: (x: number): number => x + 1 };
  const all = (x: number): number => steps.run(x);
  const before = await capture(all);
  steps.run = (x) => x * 100;
  const after = await capture(all);
  assert.deepEqual([evaluate(before)(2), evaluate(after)(2)], [3, 200]);
});

test('a capture changes nothing of what it captures', async () => {
  const inner = { list: [1], at: new Date(5), fn: (): number => 1 };
  const fn = Object.assign((): unknown => inner, { note: 'own' });
  const before = [Reflect.ownKeys(inner), Reflect.ownKeys(fn), Reflect.ownKeys(inner.fn)];
  await capture(fn);
  assert.deepEqual(
    [Reflect.ownKeys(inner), Reflect.ownKeys(fn), Reflect.ownKeys(inner.fn)],
    before,
  );
});

test('a capture runs no code of the author', async () => {
  let runs = 0;
  const touch = (): number => {
    runs += 1;
    return runs;
  };
  class Account {
    static readonly [Symbol.hasInstance] = touch;
    get balance(): number {
      return touch();
    }
    toJSON(): number {
      return touch();
    }
  }
  const object = {
    get now(): number {
      return touch();
    },
    valueOf: touch,
    [Symbol.toPrimitive]: touch,
    account: new Account(),
  };
  await capture(() => object);
  assert.equal(runs, 0);
});

test('many captures at once do not get into each other', async () => {
  const fns = Array.from({ length: 50 }, (_, n) => (): number => n);
  const artifacts = await Promise.all(fns.map((fn) => capture(fn)));
  assert.deepEqual(
    artifacts.map((artifact) => evaluate(artifact)()),
    fns.map((_, n) => n),
  );
});

test('objects and functions of another realm travel as those of the guest', async () => {
  const foreign: unknown = runInNewContext('({ list: [1, new Date(0)], map: new Map([[1, 2]]) })');
  const fn = (): unknown => foreign;
  const { value } = await guestOutcome(await capture(fn), []);
  assert.deepEqual(value, { list: [1, new Date(0)], map: new Map([[1, 2]]) });
  const other = runInNewContext('(() => { const o = { a: [1] }; return () => o.a.length; })()');
  assert.equal(evaluate(await capture(other as AnyFunction))(), 1);
});

test('a function of a script that was compiled at run time travels', async () => {
  const source = '(() => { const k = 4; return () => k; })()';
  const fn = runInThisContext(source, { filename: '/x/y.js' }) as AnyFunction;
  assert.equal(evaluate(await capture(fn))(), 4);
});

test('a capture works while another debugger session is attached, and leaves it on', async () => {
  const { Session } = await import('node:inspector');
  const other = new Session();
  other.connect();
  other.post('Debugger.enable');
  const fresh = new Function('x', 'return x + 1') as AnyFunction;
  assert.equal(evaluate(await capture(fresh))(1), 2);
  assert.doesNotThrow(() => other.post('Debugger.getScriptSource', { scriptId: '1' }));
  other.disconnect();
});

test('the stack of a captured error, and of its cause, holds no path of this machine', async () => {
  const failure = new TypeError('boom', { cause: new Error('why') });
  const artifact = await capture(() => [failure.stack, (failure.cause as Error).stack]);
  const { value } = await guestOutcome(artifact, []);
  for (const stack of value as string[]) {
    assert.match(stack, /^(TypeError: boom|Error: why)/);
    assert.ok(!/file:|node_modules|[\\/]test[\\/]/.test(stack), stack);
  }
  assert.ok(!artifact.code.includes(process.cwd()));
});

test('a capture does not run the computed name of a class', async () => {
  const state = { touched: 0 };
  class Point {
    static get name(): string {
      state.touched += 1;
      return 'Place';
    }
    x = 2;
  }
  const point = new Point();
  const { value } = await guestOutcome(await capture(() => [point.x, state.touched]), []);
  assert.deepEqual([value, state.touched], [[2, 0], 0]);
});
