import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { captureSource, type SourceChoices, type SourceText } from '../../src/capture/index.ts';
import { isScatterError, type ScatterError } from '../../src/errors.ts';
import { encodeArtifact } from '../../src/registry/artifact-blob.ts';
import { evaluate } from './evaluate.ts';

const CAPTURE = new URL('../../src/capture/index.ts', import.meta.url).href;

const GOOD: [
  what: string,
  source: SourceText,
  choices: SourceChoices,
  args: unknown[],
  value: unknown,
][] = [
  ['one module', 'export default (a, b) => a + b', {}, [1, 2], 3],
  ['a named export', 'export function price(a) { return a * 2 }', { export: 'price' }, [2], 4],
  [
    'an export whose name is no identifier',
    'const f = () => 1; export { f as "a b" }',
    { export: 'a b' },
    [],
    1,
  ],
  [
    'TypeScript with an enum',
    'enum Tier { Free, Paid = 3 }\nexport default function tier(n: number): Tier { return n > 0 ? Tier.Paid : Tier.Free }',
    { language: 'ts' },
    [1],
    3,
  ],
  [
    'modules that import each other, in both languages, and data',
    {
      main: 'rules/price.ts',
      modules: {
        './rules/price.ts':
          'import { tax } from "./tax.js"; import rates from "../rates.json"; import type { T } from "./types.ts"; export const base: number = 100; export default (c: keyof T) => tax(rates[c]);',
        'rules/tax.ts':
          'import { base } from "./price.ts"; export const tax = (r: number) => base * r;',
        'rules/types.ts': 'export interface T { de: number }',
        'rates.json': '{ "de": 1.19 }',
      },
    },
    {},
    ['de'],
    119,
  ],
  [
    'a line for a shell, and code of strict mode',
    '#!/usr/bin/env node\nexport default () => (function () { return this })()',
    {},
    [],
    undefined,
  ],
  [
    'an import() of its own module',
    {
      main: 'a.js',
      modules: {
        'a.js': 'export default async () => (await import("./b.js")).b',
        'b.js': 'export const b = 5',
      },
    },
    {},
    [],
    5,
  ],
];

describe('text gives a function, from', () => {
  for (const [what, source, choices, args, value] of GOOD) {
    test(what, async () => {
      const guest = evaluate(await captureSource(source, choices));
      assert.deepEqual(copyOf(await guest(...args)), value);
    });
  }
});

const BAD: [
  what: string,
  source: SourceText,
  message: RegExp,
  place: unknown[],
  choices?: SourceChoices,
][] = [
  [
    'a syntax error',
    'export default (a) => {\n\t"żółć 🙂"; let b = = 1;\n}',
    /Unexpected "="/,
    ['main.js', 2, 21],
  ],
  [
    'a syntax error in another module',
    {
      main: 'a.js',
      modules: { 'a.js': 'import "./lib/b.js"; export default 1', 'lib/b.js': 'a = = 1' },
    },
    /./,
    ['lib/b.js', 1, 5],
  ],
  [
    'an end that comes too soon',
    'export default () => {',
    /Unexpected end of file/,
    ['main.js', 1, 23],
  ],
  ['a type in JavaScript', 'export default (a: number) => a', /./, ['main.js', 1, 18]],
  [
    'a wrong regular expression',
    '\nexport default () => /(/',
    /Invalid regular expression/,
    ['main.js', 2, 22],
  ],
  [
    'a Node built-in',
    'import fs from "node:fs";\nexport default () => fs',
    /import of `node:fs` cannot be done.*only its own modules/,
    ['main.js', 1, 16],
  ],
  [
    'a package that is installed here',
    'import ms from "ms";\nexport default () => ms',
    /import of `ms` cannot/,
    ['main.js', 1, 16],
  ],
  [
    'a file of this machine',
    'import x from "/etc/hostname";\nexport default () => x',
    /`\/etc\/hostname` cannot/,
    ['main.js', 1, 15],
  ],
  [
    'a module outside',
    'import x from "../package.json";\nexport default () => x',
    /`..\/package.json` is not there/,
    ['main.js', 1, 15],
  ],
  [
    'a require()',
    'export default () => require("fs")',
    /require\('fs'\) cannot be done/,
    ['main.js', 1, 30],
  ],
  [
    'an export of another module that is missing',
    {
      main: 'a.js',
      modules: { 'a.js': 'export { b as default } from "./b.js"', 'b.js': 'export const c = 1' },
    },
    /No matching export in "b.js" for import "b"/,
    ['a.js', 1, 10],
  ],
  [
    'an import from a module that exports nothing',
    {
      main: 'a.js',
      modules: {
        'a.js': 'import { b } from "./b.js"; export default () => b',
        'b.js': 'const b = 1',
      },
    },
    /"b.js" has no exports/,
    ['a.js', 1, 10],
  ],
  [
    'a missing export',
    'export const a = 1, b = 2;',
    /has no export `default`; it exports a, b/,
    ['main.js', undefined, undefined],
  ],
  [
    'no export at all',
    'const a = 1',
    /has no export `default`; it exports nothing/,
    ['main.js', undefined, undefined],
  ],
  [
    'module.exports',
    '\nmodule.exports = () => 1',
    /CommonJS module.*export default/,
    ['main.js', 2, 1],
  ],
  ['exports.a', 'exports.a = () => 1', /CommonJS module/, ['main.js', 1, 1]],
  [
    'await at the top',
    'const a = await 1;\nexport default () => a',
    /await inside/,
    ['main.js', 1, 11],
  ],
  ['import.meta', 'export default () => import.meta.url', /no meaning/, ['main.js', 1, 22]],
  [
    'wrong data',
    {
      main: 'a.js',
      modules: { 'a.js': 'import d from "./d.json"; export default d', 'd.json': '{ "a": }' },
    },
    /./,
    ['d.json', 1, 8],
  ],
  [
    'a capability that is not listed',
    'import { db } from "scatter:capabilities";\nexport default () => db',
    /`db` is not among `capabilities`/,
    ['main.js', 1, 10],
  ],
  [
    'half a surrogate pair',
    'export default "\ud800"',
    /surrogate/,
    ['main.js', undefined, undefined],
  ],
  [
    'too much text',
    `export default "${'x'.repeat(4_000_001)}"`,
    /4000000 are allowed/,
    [undefined, undefined, undefined],
  ],
  [
    'a line that is very long',
    `/*${'x'.repeat(1_000_000)}*/ = 1`,
    /Unexpected "="/,
    ['main.js', 1, 1_000_006],
  ],
];

describe('SOURCE_INVALID says what is wrong and where, for', () => {
  for (const [what, source, message, [file, line, column], choices = {}] of BAD) {
    test(what, async () => {
      const error = await failureOf(source, choices);
      assert.equal(error.code, 'SCATTER_ERR_SOURCE_INVALID');
      assert.match(error.message, message);
      assert.deepEqual([error.file, error.line, error.column], [file, line, column]);
      assert.ok(error.message.length < 500);
      assert.doesNotMatch(error.message, /scatter-source|\.mjs|scatter:entry/);
    });
  }
});

test('the message shows the line, and a caret below the place', async () => {
  const { message } = await failureOf('export default (a) => {\n\tlet b = = 1;\n}');
  const [, line = '', caret = ''] = message.split('\n');
  assert.equal(line, '     let b = = 1;');
  assert.equal(line.indexOf('= 1'), caret.indexOf('^'));
});

test('what is no source at all is CONFIG_INVALID', async () => {
  const wrong: unknown[] = [
    5,
    null,
    {},
    { main: 'a.js', modules: [] },
    { main: 'a.js', modules: { 'b.js': '' } },
    { main: 'a.js', modules: { 'a.js': 1 } },
    { main: '../a.js', modules: { '../a.js': '' } },
    { main: '/a.js', modules: { '/a.js': '' } },
    { main: 'a\n.js', modules: { 'a\n.js': '' } },
    { main: 'toString', modules: {} },
  ];
  for (const source of wrong) {
    const error = await failureOf(source as SourceText);
    assert.equal(error.code, 'SCATTER_ERR_CONFIG_INVALID', JSON.stringify(source));
  }
});

test('the text is kept as it was given, and nothing of it runs here', async () => {
  const text = 'globalThis.ranHere = true; // 🙂\nexport default () => globalThis.ranHere\n';
  const artifact = await captureSource(text);
  assert.equal(artifact.origin.source, text);
  assert.equal(Reflect.get(globalThis, 'ranHere'), undefined);
  assert.equal(evaluate(artifact)(), true);
});

test('capabilities are there by their names, as globals and as imports', async () => {
  const source = `import { db as imported, "billing/read" as read } from "scatter:capabilities";
    export default () => [db === imported, read, typeof console.log, fetch];`;
  const capabilities = ['fetch', 'db', 'billing/read', 'class', 'db'];
  const artifact = await captureSource(source, { capabilities });
  assert.deepEqual(artifact.requires, ['billing/read', 'class', 'db', 'fetch']);
  const guest = evaluate(artifact, undefined, (index) => artifact.requires[index]);
  assert.deepEqual(copyOf(guest()), [true, 'billing/read', 'function', 'fetch']);
});

test("a module's own variable wins over a capability of its name", async () => {
  const modules = {
    'a.js': 'import { f } from "./b.js"; export default () => [f(), db]',
    'b.js': 'const db = 1; export const f = () => db',
  };
  const artifact = await captureSource({ main: 'a.js', modules }, { capabilities: ['db'] });
  assert.deepEqual(copyOf(evaluate(artifact, undefined, () => 'given')()), [1, 'given']);
});

test('a source map that the text brings does not say where its code is from', async () => {
  const map = JSON.stringify({ version: 3, sources: ['/etc/passwd'], mappings: 'AAAA' });
  const url = `data:application/json;base64,${Buffer.from(map).toString('base64')}`;
  const { origin } = await captureSource(`export default () => 1\n//# sourceMappingURL=${url}`);
  assert.doesNotMatch(origin.map, /passwd/);
});

test('the same text has the same digest in another process and folder', async () => {
  const source = {
    main: 'a.ts',
    modules: {
      'a.ts': 'import b from "./b.ts"; export default () => b',
      'b.ts': 'export default 1 as number',
    },
  };
  const program = `import { captureSource } from ${JSON.stringify(CAPTURE)};
    console.log(JSON.stringify(await captureSource(${JSON.stringify(source)})));`;
  const given = { cwd: tmpdir(), input: program, encoding: 'utf8' } as const;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-'], given);
  const there = JSON.parse(stdout);
  const here = await captureSource(source);
  assert.deepEqual(there, here);
  assert.equal(encodeArtifact(there).digest, encodeArtifact(here).digest);
});

async function failureOf(source: SourceText, choices: SourceChoices = {}): Promise<ScatterError> {
  try {
    await captureSource(source, choices);
  } catch (error) {
    assert.ok(isScatterError(error), String(error));
    return error;
  }
  throw new Error('it was not refused');
}

/** The value with the objects of this realm, to compare with. */
function copyOf(value: unknown): unknown {
  return deserialize(serialize(value));
}
