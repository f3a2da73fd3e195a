import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import dayjs from 'dayjs';
import ivm from 'isolated-vm';
import lodash from 'lodash';
import { chunk, groupBy } from 'lodash-es';
import ms from 'ms';
import pLimit from 'p-limit';
import * as z from 'zod';
import { bundlePackages } from '../../src/capture/bundle/bundle.ts';
import { BundleProblem } from '../../src/capture/bundle/bundle-problem.ts';
import type { PackageImport } from '../../src/capture/bundle/package-import.ts';
import { projectWith, writeIn } from './package-project.ts';

const HERE = fileURLToPath(import.meta.url);
const BUNDLE = new URL('../../src/capture/bundle/bundle.ts', import.meta.url).href;

// What each package is used for, in the isolate and here.
const USES: Record<string, [imported: string, use: (value: never) => unknown, value: unknown]> = {
  ms: ['default', (f: typeof ms) => [f('2 days'), f(60_000)], ms],
  lodash: ['default', (_: typeof lodash) => _.merge({ a: { b: 1 } }, { a: { c: [2] } }), lodash],
  dayjs: ['default', (d: typeof dayjs) => d('2020-02-29T00:00:00Z').add(1, 'year').toJSON(), dayjs],
  zod: ['*', (zod: typeof z) => zod.object({ a: zod.string() }).safeParse({ a: 1 }), z],
  'p-limit': ['default', (limit: typeof pLimit) => limit(2).activeCount, pLimit],
  'lodash-es': ['groupBy', (by: typeof groupBy) => by([1, 2, 3], (n) => n % 2), groupBy],
};

for (const [specifier, [imported, use, value]] of Object.entries(USES)) {
  test(`${specifier} gives in an isolate what it gives in Node`, async () => {
    const { code } = await bundlePackages([wanted({ specifier, imported })]);
    assert.deepEqual(inIsolate(code, String(use)), asJson(use(value as never)));
  });
}

test('several imports come in one bundle, which has only what they use', async () => {
  const { code, map } = await bundlePackages([
    wanted({ id: 'ms', specifier: 'ms' }),
    wanted({ id: 'chunk', specifier: 'lodash-es', imported: 'chunk' }),
    wanted({ id: 'utc', specifier: 'dayjs/plugin/utc.js' }),
  ]);
  const use = '({ ms, chunk, utc }) => [ms("1s"), chunk([1, 2, 3], 2), typeof utc]';
  assert.deepEqual(inIsolate(code, use, ''), [1000, chunk([1, 2, 3], 2), 'function']);
  assert.ok(code.length < 40_000, `${code.length}`);
  const { sources } = JSON.parse(map);
  assert.ok(sources.includes('node_modules/lodash-es/chunk.js'));
  assert.ok(!sources.includes('node_modules/lodash-es/merge.js'));
});

test('the map leads from the code to the line in the package', async () => {
  const { code, map } = await bundlePackages([wanted({ specifier: 'ms' })]);
  const line = code.split('\n').findIndex((text) => text.includes('throw new Error('));
  const column = code.split('\n')[line]?.indexOf('throw') ?? -1;
  const entry = new SourceMap(JSON.parse(map)).findEntry(line, column);
  assert.ok('originalSource' in entry);
  assert.equal(entry.originalSource, 'node_modules/ms/index.js');
  assert.equal(entry.originalLine, 34 - 1);
});

const PACKAGES: Record<string, string> = {
  'node_modules/compiled/package.json': '{ "name": "compiled", "main": "index.js" }',
  'node_modules/compiled/index.js':
    'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = 1; exports.named = this === exports;',
  'node_modules/two/package.json':
    '{ "name": "two", "module": "./bundler.js", "exports": { "module": "./bundler.js", "import": "./esm.mjs", "require": "./cjs.cjs" } }',
  'node_modules/two/esm.mjs': 'export default "esm"; export const kind = "import";',
  'node_modules/two/cjs.cjs': 'module.exports = { kind: "require" };',
  'node_modules/two/bundler.js': 'export default "bundler";',
  'node_modules/@scope/deep/package.json':
    '{ "name": "@scope/deep", "type": "module", "exports": "./a.js" }',
  'node_modules/@scope/deep/a.js':
    'import c from "compiled"; export default [c.default, process.env.NODE_ENV];',
};

test('the value is the export that Node gives: conditions, CommonJS in ES modules, whole modules', async () => {
  const folder = projectWith(PACKAGES);
  const from = join(folder, 'app.mjs');
  const imports: PackageImport[] = [
    { id: 'a', specifier: 'compiled', imported: 'default', kind: 'import', from },
    { id: 'b', specifier: 'compiled', imported: 'named', kind: 'import', from },
    { id: 'c', specifier: 'compiled', imported: '*', kind: 'require', from },
    { id: 'd', specifier: 'compiled', imported: 'default', kind: 'require', from },
    { id: 'e', specifier: 'two', imported: 'default', kind: 'import', from },
    { id: 'f', specifier: 'two', imported: 'kind', kind: 'import', from },
    { id: 'g', specifier: 'two', imported: '*', kind: 'require', from },
    { id: 'h', specifier: '@scope/deep', imported: 'default', kind: 'import', from },
  ];
  writeIn(
    folder,
    'app.mjs',
    `import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    import a, { named as b } from 'compiled';
    import e, { kind as f } from 'two';
    import h from '@scope/deep';
    const c = require('compiled'), g = require('two');
    export default { a, b, c, d: c.default, e, f, g, h };`,
  );
  const { default: expected } = await import(pathToFileURL(from).href);
  const { code } = await bundlePackages(imports);
  // This process has no NODE_ENV; a package must not think that it is being debugged.
  const shown = { ...expected, h: [1, process.env['NODE_ENV'] ?? 'production'] };
  assert.deepEqual(
    inIsolate(code, '({ a, b, c, d, e, f, g, h }) => ({ a, b, c, d, e, f, g, h })', ''),
    shown,
  );
});

test('the bytes are the same in another process, working folder and clone', async () => {
  const folder = projectWith(PACKAGES);
  const clone = join(projectWith({}), 'clone', 'of', 'it');
  cpSync(folder, clone, { recursive: true });
  const bundles = [folder, clone].map((place) => {
    const imports = ['compiled', 'two', '@scope/deep'].map((specifier, index) => ({
      ...wanted({ specifier, id: `x${index}` }),
      from: join(place, 'app.mjs'),
    }));
    return inOtherProcess(imports, place === clone ? tmpdir() : folder);
  });
  assert.deepEqual(bundles[0], bundles[1]);
  assert.ok(!JSON.stringify(bundles).includes('scatter-project'));
});

test('a package that was rebuilt, replaced or hidden by a nearer one is seen', async () => {
  const folder = projectWith({
    'node_modules/lib/index.js': 'module.exports = 1;',
    'src/deep/package.json': '{}',
  });
  const from = join(folder, 'src', 'deep', 'app.mjs');
  const value = async () => {
    const { code } = await bundlePackages([{ ...wanted({ specifier: 'lib' }), from }]);
    return inIsolate(code, '(value) => value');
  };
  assert.equal(await value(), 1);
  writeIn(folder, 'node_modules/lib/index.js', 'module.exports = 2;');
  assert.equal(await value(), 2);
  writeIn(folder, 'node_modules/lib/package.json', '{ "main": "other.js" }');
  writeIn(folder, 'node_modules/lib/other.js', 'module.exports = 3;');
  assert.equal(await value(), 3);
  writeIn(folder, 'src/node_modules/lib/index.js', 'module.exports = 4;');
  assert.equal(await value(), 4);
  rmSync(join(folder, 'src', 'node_modules'), { recursive: true });
  assert.equal(await value(), 3);
});

const REFUSED: [what: string, files: Record<string, string>, fields: object, message: RegExp][] = [
  [
    'a Node built-in',
    { 'index.js': 'require("./inner")', 'inner.js': 'exports.f = require("node:fs").readFileSync' },
    {
      trouble: 'built-in',
      specifier: 'node:fs',
      file: 'node_modules/lib/inner.js',
      packageName: 'lib',
    },
    /`node_modules\/lib\/inner.js` of the npm package `lib` imports `node:fs`/,
  ],
  [
    'an import() of a Node built-in',
    { 'index.js': 'exports.f = () => import("fs/promises")' },
    { trouble: 'built-in', specifier: 'fs/promises' },
    /fs\/promises/,
  ],
  [
    'machine code',
    { 'index.js': 'module.exports = require("./a.node")', 'a.node': '\u0000' },
    { trouble: 'native', file: 'node_modules/lib/a.node', packageName: 'lib' },
    /a\.node` is machine code/,
  ],
  [
    'WebAssembly',
    { 'index.js': 'module.exports = require("./a.wasm")', 'a.wasm': '\u0000' },
    { trouble: 'native', file: 'node_modules/lib/a.wasm' },
    /a\.wasm/,
  ],
  [
    'a syntax error',
    { 'index.js': '\nlet = = 1' },
    { trouble: 'unfit', file: 'node_modules/lib/index.js' },
    /node_modules\/lib\/index\.js:2: /,
  ],
  [
    'a package that needs one that is not there',
    { 'index.js': 'require("not-there")' },
    { trouble: 'unresolved', specifier: 'not-there', packageName: 'lib' },
    /`not-there`, which `node_modules\/lib\/index\.js` imports, is not found/,
  ],
  [
    'a module that waits at its top',
    {
      'package.json': '{ "type": "module", "main": "index.js" }',
      'index.js': 'export default await 1',
    },
    { trouble: 'unfit', packageName: 'lib' },
    /[Tt]op-level await/,
  ],
];

for (const [what, files, fields, message] of REFUSED) {
  test(`a package with ${what} is refused, naming the file`, async () => {
    const named = Object.entries(files).map(([name, text]) => [`node_modules/lib/${name}`, text]);
    const from = join(projectWith(Object.fromEntries(named)), 'app.mjs');
    const problem = await problemOf({ ...wanted({ specifier: 'lib' }), from });
    assert.match(problem.message, message);
    assert.ok(problem.fix.length > 10);
    for (const [name, value] of Object.entries(fields)) {
      assert.equal(Reflect.get(problem, name), value, name);
    }
  });
}

test('a built-in that only unused code imports is no trouble', async () => {
  const folder = projectWith({
    'node_modules/lib/package.json':
      '{ "type": "module", "exports": "./index.js", "sideEffects": false }',
    'node_modules/lib/index.js':
      'import { readFileSync } from "node:fs"; export const read = () => readFileSync("x"); export const one = 1;',
  });
  const imported = {
    ...wanted({ specifier: 'lib', imported: 'one' }),
    from: join(folder, 'a.mjs'),
  };
  assert.equal(inIsolate((await bundlePackages([imported])).code, '(value) => value'), 1);
});

test('an import of a package or export that is not there names the importing file', async () => {
  const { file, message } = await problemOf(wanted({ specifier: 'not-there' }));
  assert.equal(file, 'test/capture/bundle.test.ts');
  assert.match(message, /`not-there`, which `test\/capture\/bundle\.test\.ts` imports/);
  const missing = await problemOf(wanted({ specifier: 'lodash-es', imported: 'nothing' }));
  assert.match(missing.message, /nothing/);
});

function wanted(o: Partial<PackageImport> & { specifier: string }): PackageImport {
  return { id: 'value', imported: 'default', kind: 'import', from: HERE, ...o };
}

async function problemOf(imported: PackageImport): Promise<BundleProblem> {
  try {
    await bundlePackages([imported]);
  } catch (error) {
    assert.ok(error instanceof BundleProblem, String(error));
    return error;
  }
  throw new Error('it was not refused');
}

/** What `use` gives for the bundle, or a property of it, in an isolate that has nothing else. */
function inIsolate(code: string, use: string, property = '.value'): unknown {
  const isolate = new ivm.Isolate();
  try {
    const context = isolate.createContextSync();
    const json = context.evalSync(`JSON.stringify((${use})((${code})${property}))`);
    return JSON.parse(String(json));
  } finally {
    isolate.dispose();
  }
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function inOtherProcess(imports: readonly PackageImport[], cwd: string): unknown {
  const program = `import { bundlePackages } from ${JSON.stringify(BUNDLE)};
    console.log(JSON.stringify(await bundlePackages(${JSON.stringify(imports)})));`;
  const given = { cwd, input: program, encoding: 'utf8' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], given);
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}
