import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { capture } from '../../src/capture/index.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';
import { copyOf, evaluate } from './evaluate.ts';
import commonJs from './fixtures/travels.cjs';
import { cases as esModule } from './fixtures/travels.mjs';
import { cases as typeScript } from './fixtures/travels.ts';

const files: Record<string, Record<string, AnyFunction>> = {
  'ES module': esModule,
  CommonJS: commonJs.cases,
  TypeScript: typeScript,
};

for (const [file, cases] of Object.entries(files)) {
  describe(`captured from ${file}, these give what a direct call gives`, () => {
    for (const [title, fn] of Object.entries(cases)) {
      test(title, async () => {
        const guest = evaluate(await capture(fn));
        assert.deepEqual(copyOf(await guest()), copyOf(await fn()));
        assert.equal(Reflect.get(guest, 'name'), fn.name);
      });
    }
  });
}

test('a captured value is what it was at the capture, and its own from then on', async () => {
  const settings = { level: 1 };
  const guest = evaluate(await capture(() => ++settings.level));
  settings.level = 10;
  assert.deepEqual([guest(), guest(), settings.level], [2, 3, 10]);
});

test('a plain object of another realm travels as a plain object', async () => {
  const { runInNewContext } = await import('node:vm');
  const foreign: unknown = runInNewContext('({ list: [1, new Date(0)] })');
  const guest = evaluate(await capture(() => foreign));
  assert.deepEqual(copyOf(guest()), { list: [1, new Date(0)] });
});

test('a hundred thousand objects travel', async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => ({ index }));
  const guest = evaluate(await capture(() => rows.at(-1)?.index));
  assert.equal(guest(), 99_999);
});

test('a function made by new Function travels', async () => {
  const guest = evaluate(await capture(new Function('a', 'b', 'return a * b') as AnyFunction));
  assert.equal(guest(3, 4), 12);
});

test('capture() works while another debugger session is attached, and leaves it on', async () => {
  const { Session } = await import('node:inspector');
  const other = new Session();
  other.connect();
  other.post('Debugger.enable');
  const fresh = new Function('x', 'return x + 1') as AnyFunction;
  assert.equal(evaluate(await capture(fresh))(1), 2);
  assert.doesNotThrow(() => other.post('Debugger.getScriptSource', { scriptId: '1' }));
  other.disconnect();
});
