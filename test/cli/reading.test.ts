import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { encodeArtifact } from '../../src/registry/artifact-blob.ts';
import { openRegistry } from '../../src/registry/open.ts';
import { priceRegistry, registryWith } from './support.ts';

const scatter = await priceRegistry();

test('ls lists functions, as a table or as one JSON object', () => {
  const people = scatter('ls');
  assert.equal(people.code, 0);
  assert.match(people.stdout, /^NAME +LATEST +VERSIONS[^\n]*\nprice +2 +2 /);
  assert.equal(people.stderr, '');
  const { functions } = JSON.parse(scatter('ls', '--json').stdout);
  assert.equal(functions.length, 1);
  assert.equal(functions[0].latest, 2);
});

test('ls of an empty namespace says so on stderr and succeeds', () => {
  const { code, stdout, stderr } = scatter('ls', '--namespace', 'other');
  assert.deepEqual([code, stdout], [0, '']);
  assert.match(stderr, /no functions in other/);
});

test('show prints a version with its source', () => {
  const { code, stdout } = scatter('show', 'price@1');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^price@1 .*\n.*\nfirst\nversions: 1, 2 \(latest = 2\)\n\n\(net: number\) => net\n$/,
  );
  const shown = JSON.parse(scatter('show', 'price', '--json').stdout);
  assert.deepEqual([shown.version, shown.source], [2, '(net: number) => net * 2']);
});

test('show lists the values that a function took along, and what it needs', async () => {
  const captured = [{ name: 'rates', usedBy: 'price', kind: 'Map', bytes: 34 }];
  const origin = { source: '() => rates', map: '', captured };
  const artifact = { format: 1, code: '() => () => 1', links: [], requires: ['db'], origin };
  const command = await registryWith(async ({ url, namespace }) => {
    const registry = await openRegistry(url, namespace);
    const item = { name: 'price', ...encodeArtifact(artifact), requires: ['db'], format: 1 };
    await registry.push({ id: 'one', items: [item], updateExisting: true, author: 'tester' });
    await registry.close();
  });
  const { stdout } = command('show', 'price');
  assert.match(stdout, /^requires db$/m);
  assert.match(
    stdout,
    /^CAPTURED +KIND +BYTES +USED BY\nrates +Map +34 +price\n\n\(\) => rates\n$/m,
  );
  assert.deepEqual(JSON.parse(command('show', 'price', '--json').stdout).captured, captured);
});

test('log shows who did what and why, newest first', () => {
  const { code, stdout } = scatter('log', 'price');
  assert.equal(code, 0);
  assert.match(stdout, /push +price@2 .*\n.*push +price@1 .*first/);
  assert.equal(JSON.parse(scatter('log', '--limit', '1', '--json').stdout).entries.length, 1);
});

test('what is not there exits with 4, wrong usage with 2, each with what to do on stderr', () => {
  for (const args of [
    ['show', 'prise'],
    ['call', 'price@9'],
    ['show', 'price@9'],
    ['show', 'price@constructor'],
    ['log', 'nobody'],
    ['rm', 'x', '--yes'],
  ]) {
    const { code, stdout, stderr } = scatter(...args);
    assert.deepEqual([code, stdout], [4, ''], args.join(' '));
    assert.match(stderr, /^scatter: /);
  }
  assert.match(scatter('show', 'prise').stderr, /did you mean `price`/);
  for (const args of [['bogus'], ['call', 'price', '{'], ['show'], ['ls', '--url', 'ftp://x']]) {
    const { code, stderr } = scatter(...args);
    assert.equal(code, 2, args.join(' '));
    assert.notEqual(stderr, '');
  }
});

test('with --json a failure is one JSON object with its code, wrong usage included', () => {
  const missing = scatter('show', 'nobody', '--json');
  assert.equal(missing.code, 4);
  assert.equal(JSON.parse(missing.stdout).error.code, 'SCATTER_ERR_FUNCTION_NOT_FOUND');
  const unknown = scatter('ls', '--bogus', '--json');
  assert.equal(unknown.code, 2);
  assert.match(JSON.parse(unknown.stdout).error.message, /--bogus/);
});

test('--help goes to stdout and lists the commands; no command is wrong usage', () => {
  const { code, stdout, stderr } = scatter('--help');
  assert.deepEqual([code, stderr], [0, '']);
  for (const command of ['ls', 'show', 'log', 'status', 'call', 'alias', 'rollback', 'rm']) {
    assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
  }
  const nothing = scatter();
  assert.deepEqual([nothing.code, nothing.stdout], [2, '']);
});

test('a reader that leaves early, such as head, is no failure', async () => {
  const child = scatter.start('show', 'price');
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  assert.deepEqual([code, stderr], [0, '']);
});
