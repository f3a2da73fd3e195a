import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isScatterError, type ScatterError } from '../../src/errors.ts';
import { cleanup, init, load, pushSource } from '../../src/index.ts';
import { freshName, silentLogger, startScatter } from './support.ts';

const scatter = startScatter();

test('pushSource() makes a version that get() runs, and each push goes to those who follow', async () => {
  const name = freshName();
  const first = await scatter.pushSource(name, 'export default (a, b) => a + b', {
    message: 'add',
  });
  assert.deepEqual([first.version, first.message, first.requires], [1, 'add', []]);
  const fn = await scatter.get<(a: number, b: number) => number>(name);
  assert.equal(await fn(2, 3), 5);
  assert.equal(fn.source, 'export default (a, b) => a + b');
  const second = await scatter.pushSource(name, 'export default (a, b) => a * b');
  assert.deepEqual([second.version, fn.version, await fn(2, 3)], [2, 2, 6]);
  await fn.release();
});

test('text that is there unchanged makes no new version; expectLatest compares and sets', async () => {
  const name = freshName();
  const push = (text: string, expectLatest?: number) =>
    scatter.pushSource(name, text, expectLatest === undefined ? {} : { expectLatest });
  assert.equal((await push('export default () => 1', 0)).version, 1);
  assert.equal((await push('export default () => 1')).version, 1);
  await assert.rejects(push('export default () => 2', 0), {
    code: 'SCATTER_ERR_REGISTRY_CONFLICT',
  });
  assert.equal((await push('export default () => 2', 1)).version, 2);
});

test('modules, TypeScript and a named export', async () => {
  const name = freshName();
  const modules = {
    'price.ts': 'import { tax } from "./tax.ts";\nexport const gross = (net: number) => net * tax;',
    'tax.ts': 'export const tax: number = 2;',
  };
  await scatter.pushSource(name, { main: 'price.ts', modules }, { export: 'gross' });
  const fn = await scatter.get<(net: number) => number>(name);
  assert.equal(await fn(4), 8);
  assert.equal(fn.source, modules['price.ts']);
});

test('frames of an error name the module, its line and column', async () => {
  const name = freshName();
  const modules = {
    'main.ts':
      'import { fail } from "./lib/fail.ts";\n\nexport default (id: number): never => fail(id);',
    'lib/fail.ts':
      'export function fail(id: number): never {\n  throw new RangeError("no " + id);\n}',
  };
  await scatter.pushSource(name, { main: 'main.ts', modules });
  const fn = await scatter.get<(id: number) => never>(name);
  const { code, guest } = await failureOf(fn(7));
  assert.equal(code, 'SCATTER_ERR_GUEST_THREW');
  assert.match(
    guest?.stack ?? '',
    /RangeError: no 7\n {4}at fail \(lib\/fail\.ts:2:9\)\n.*main\.ts:3:39/,
  );
});

test('text is never evaluated in this process', async () => {
  const name = freshName();
  await scatter.pushSource(
    name,
    'globalThis.evaluated = typeof process.versions; export default () => globalThis.evaluated;',
  );
  const fn = await scatter.get<() => string>(name);
  assert.equal(await fn(), 'undefined');
  assert.equal(Reflect.get(globalThis, 'evaluated'), undefined);
});

test('what is wrong with the text is SOURCE_INVALID with the place, and writes nothing', async () => {
  const name = freshName();
  const error = await failureOf(
    scatter.pushSource(name, 'export default () => {\n  const = 1;\n}'),
  );
  assert.deepEqual(
    [error.code, error.file, error.line, error.column],
    ['SCATTER_ERR_SOURCE_INVALID', 'main.js', 2, 9],
  );
  assert.ok(!(await scatter.list()).some((info) => info.name === name));
});

test('a module that throws at its top fails get() with what it threw, and never replaces a version', async () => {
  const name = freshName();
  await scatter.pushSource(name, 'export default () => 1');
  const fn = await scatter.get<() => number>(name);
  const blocked = new Promise<{ version: number }>((resolve) => fn.on('blocked', resolve));
  await scatter.pushSource(name, 'const limits = undefined;\nlimits.max;\nexport default () => 2');
  assert.equal((await blocked).version, 2);
  assert.deepEqual([fn.version, await fn()], [1, 1]);
  const { code, message, guest } = await failureOf(scatter.get(name));
  assert.equal(code, 'SCATTER_ERR_GUEST_THREW');
  assert.match(message, /TypeError: .* while it was loaded/);
  assert.match(guest?.stack ?? '', /main\.js:2:8/);
});

test('an export that is no function is SOURCE_INVALID when it is loaded', async () => {
  const error = await failureOf(scatter.load('export default 5'));
  assert.equal(error.code, 'SCATTER_ERR_SOURCE_INVALID');
  assert.match(error.message, /does not evaluate to a function/);
});

test('a top level that does not end is stopped by the limit', async () => {
  const loading = scatter.load('for (;;);\nexport default 1', { limits: { cpuMs: 50 } });
  assert.equal((await failureOf(loading)).code, 'SCATTER_ERR_GUEST_TIMEOUT');
});

describe('wrong options are CONFIG_INVALID:', () => {
  const source = 'export default () => 1';
  const attempts: Record<string, () => Promise<unknown>> = {
    'one that does not exist': () => scatter.pushSource('x', source, { exports: 'a' } as object),
    'another language': () => scatter.pushSource('x', source, { language: 'py' } as object),
    'a capability without a name': () => scatter.load(source, { capabilities: [{}] } as object),
    'one of get() that has no meaning': () => scatter.load(source, { autoUpdate: true } as object),
  };
  for (const [what, attempt] of Object.entries(attempts)) {
    test(what, async () => {
      assert.equal((await failureOf(attempt())).code, 'SCATTER_ERR_CONFIG_INVALID');
    });
  }
});

test('a bad name is REF_INVALID', async () => {
  const pushing = scatter.pushSource('a@b', 'export default () => 1');
  assert.equal((await failureOf(pushing)).code, 'SCATTER_ERR_REF_INVALID');
});

test('the default instance has both', async () => {
  await init({ url: 'memory:', pool: { threads: 1 }, logger: silentLogger });
  const info = await pushSource(freshName(), 'export default () => 1');
  const fn = await load<() => number>('export default () => 2');
  assert.deepEqual([info.version, await fn()], [1, 2]);
  await cleanup();
});

async function failureOf(work: Promise<unknown>): Promise<ScatterError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(isScatterError(error), String(error));
  return error;
}
