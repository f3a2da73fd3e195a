import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectWith, writeIn } from '../capture/package-project.ts';
import { registryWith } from './support.ts';

const INDEX = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href);
const nothing = (): Promise<void> => Promise.resolve();

const RULES = `import { capability, track } from ${INDEX};
const rates: Record<string, number> = { de: 1.19 };
export const price = (net: number, country: string): number => net * rates[country];
export const shipping = track((kg: number) => kg * 2, { name: 'parcel' });
export class Order {}
export const limit = 5;
export const db = capability('db');
export default function total(a: number, b: number) { return a + b; }
console.log('loading');
setInterval(() => undefined, 1000);
`;

test('push imports a file and pushes what it exports, tracked or not, in one step', async () => {
  const scatter = await registryWith(nothing);
  const file = join(
    projectWith({ 'package.json': '{ "type": "module" }', 'rules.ts': RULES }),
    'rules.ts',
  );
  const { code, stdout, stderr } = scatter('push', file, '--message', 'first');
  assert.deepEqual([code, stderr], [0, 'loading\n']);
  const lines = stdout.trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^price@1 {2}new, \d+ bytes$/);
  assert.deepEqual(
    lines.map((line) => line.split('  ')[0]),
    ['price@1', 'parcel@1', 'total@1'],
  );
  assert.equal(scatter('call', 'price', '100', '"de"').stdout, '119\n');
  const { entries } = JSON.parse(scatter('log', '--json').stdout);
  assert.deepEqual(new Set(entries.map((entry: { epoch: number }) => entry.epoch)).size, 1);
  assert.equal(entries[0].message, 'first');
  assert.equal(entries[0].author, 'tester');
});

test('names choose; pushing again changes only what was changed', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({ 'package.json': '{ "type": "module" }', 'rules.ts': RULES });
  const file = join(folder, 'rules.ts');
  const push = (...args: string[]) => {
    const { functions } = JSON.parse(scatter('push', file, '--json', ...args).stdout);
    return functions.map((one: Record<string, unknown>) => [
      one['name'],
      one['state'],
      one['version'],
    ]);
  };
  assert.deepEqual(push('parcel', 'total'), [
    ['parcel', 'new', 1],
    ['total', 'new', 1],
  ]);
  assert.deepEqual(push('shipping'), [['parcel', 'unchanged', 1]]);
  writeIn(folder, 'rules.ts', RULES.replace('kg * 2', 'kg * 3'));
  assert.deepEqual(push(), [
    ['price', 'new', 1],
    ['parcel', 'changed', 2],
    ['total', 'unchanged', 1],
  ]);
});

test('an anonymous default export is called like its file; CommonJS works as well', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({
    'discount.mjs': 'export default (a) => a / 2;',
    'common.cjs':
      'const all = { half: (a) => a / 2, other: 1 }; module.exports = Object.assign({}, all);',
  });
  for (const [file, name] of [
    ['discount.mjs', 'discount'],
    ['common.cjs', 'half'],
  ] as const) {
    const { code, stderr } = scatter('push', join(folder, file));
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(scatter('call', name, '4').stdout, '2\n');
  }
});

test('--dry-run writes nothing and says what would be', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({ 'package.json': '{ "type": "module" }', 'rules.ts': RULES });
  const file = join(folder, 'rules.ts');
  assert.equal(scatter('push', file, 'total').code, 0);
  writeIn(folder, 'rules.ts', RULES.replace('kg * 2', 'kg * 3'));
  const { code, stdout } = scatter('push', file, '--dry-run');
  assert.equal(code, 0);
  assert.match(stdout, /^price {2}new, \d+ bytes\n {2}[0-9a-f]{64}\n/);
  assert.match(stdout, /^total {2}unchanged \(latest is 1\), \d+ bytes$/m);
  const { dryRun, functions } = JSON.parse(scatter('push', file, '--dry-run', '--json').stdout);
  assert.equal(dryRun, true);
  const [price] = functions;
  assert.deepEqual([price.name, price.state, price.version], ['price', 'new', null]);
  assert.ok(Array.isArray(price.captured));
  assert.equal(JSON.parse(scatter('ls', '--json').stdout).functions.length, 1);
});

test('--dry-run makes no registry where none is', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({ 'f.mjs': 'export const f = () => 1;' });
  const database = join(folder, 'none', 'registry.db');
  const run = scatter('push', join(folder, 'f.mjs'), '--dry-run', '--url', `sqlite:${database}`);
  assert.equal(run.code, 0);
  assert.equal(existsSync(join(folder, 'none')), false);
});

test('--expect-latest pushes only on top of that version, and exits with 3 otherwise', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({ 'f.mjs': 'export const f = () => 1; export const g = () => 2;' });
  const file = join(folder, 'f.mjs');
  assert.equal(scatter('push', file, 'f', '--expect-latest', '0').code, 0);
  for (const dry of [[], ['--dry-run']]) {
    const { code, stderr } = scatter('push', file, 'f', '--expect-latest', '0', ...dry);
    assert.equal(code, 3);
    assert.match(stderr, /expected it not to exist, but it is version 1/);
  }
  assert.equal(scatter('push', file, 'f', '--expect-latest', '1').code, 0);
  for (const wrong of [
    ['f', '--expect-latest', ''],
    ['f', '--expect-latest', '1.5'],
    ['--expect-latest', '1'],
  ]) {
    assert.equal(scatter('push', file, ...wrong).code, 2, wrong.join(' '));
  }
});

test('what cannot be pushed is said, with the exit code of its kind', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({
    'empty.mjs': 'export const a = 1;',
    'throws.mjs': 'throw new Error("no database");',
    'syntax.mjs': 'export const a = = 1;',
    'captures.mjs': 'import fs from "node:fs"; export const f = () => fs.readFileSync("x");',
    'two.mjs': `import { track } from ${INDEX}; export const f = () => 1; export const g = track(() => 2, { name: 'f' });`,
    'fine.mjs': 'export const f = () => 1;',
  });
  const cases: [args: string[], code: number, said: RegExp][] = [
    [['none.mjs'], 2, /there is no file .*none\.mjs/],
    [['empty.mjs'], 2, /exports no function/],
    [['fine.mjs', 'g'], 2, /has no function `g`; it has f/],
    [['two.mjs'], 2, /two functions that are called `f`/],
    [['fine.mjs', '--export', 'f'], 2, /go with --source/],
    [['throws.mjs'], 1, /importing .* failed: Error: no database/],
    [['syntax.mjs'], 1, /importing .* failed: .*Unexpected token/s],
    [['captures.mjs'], 1, /`fs` is a Node built-in/],
  ];
  for (const [[file = '', ...args], code, said] of cases) {
    const run = scatter('push', join(folder, file), ...args, '--json');
    assert.equal(run.code, code, run.stderr);
    assert.match(run.stderr, said);
    assert.doesNotMatch(run.stderr, /node:internal/);
    assert.match(JSON.parse(run.stdout).error.code, /^SCATTER_ERR_/);
  }
  assert.deepEqual(JSON.parse(scatter('ls', '--json').stdout).functions, []);
});
