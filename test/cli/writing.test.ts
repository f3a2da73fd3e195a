import assert from 'node:assert/strict';
import { test } from 'node:test';
import { priceRegistry } from './support.ts';

test('alias points a name at a version', async () => {
  const scatter = await priceRegistry();
  assert.equal(scatter('alias', 'price', 'stable', '1').code, 0);
  assert.equal(JSON.parse(scatter('show', 'price@stable', '--json').stdout).version, 1);
  assert.equal(scatter('alias', 'price', 'stable', '7').code, 4);
});

test('rollback goes back one step, or to a version, and is in the log', async () => {
  const scatter = await priceRegistry();
  const { code, stdout } = scatter('rollback', 'price');
  assert.deepEqual([code, stdout], [0, 'price is at version 1\n']);
  assert.equal(scatter('rollback', 'price', '--to', '2').stdout, 'price is at version 2\n');
  const [newest] = JSON.parse(scatter('log', '--json').stdout).entries;
  assert.deepEqual([newest.action, newest.author], ['move', 'tester']);
});

test('rm without a terminal needs --yes, also for old versions, and removes nothing before', async () => {
  const scatter = await priceRegistry();
  for (const args of [
    ['rm', 'price'],
    ['rm', 'price', '--older-than', '2'],
  ]) {
    const { code, stdout, stderr } = scatter(...args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /--yes/);
  }
  assert.deepEqual(JSON.parse(scatter('show', 'price', '--json').stdout).versions, [1, 2]);
});

test('rm --older-than keeps what an alias uses; rm removes the function', async () => {
  const scatter = await priceRegistry();
  assert.equal(scatter('alias', 'price', 'stable', '1').code, 0);
  const pruned = scatter('rm', 'price', '--older-than', '2', '--yes');
  assert.equal(pruned.code, 0);
  assert.match(pruned.stderr, /kept price@1: stable/);
  const { stdout } = scatter('rm', 'price', '--yes', '--json');
  assert.deepEqual(JSON.parse(stdout), { name: 'price', removed: [1, 2], kept: [] });
  assert.deepEqual(JSON.parse(scatter('ls', '--json').stdout), { functions: [] });
});

test('what is no version changes nothing and exits with 2, an empty text included', async () => {
  const scatter = await priceRegistry();
  for (const args of [
    ['rm', 'price', '--yes', '--older-than', ''],
    ['rm', 'price', '--yes', '--older-than', 'x'],
    ['rollback', 'price', '--to', '1.0'],
    ['alias', 'price', 'stable', '0x1'],
    ['alias', 'price', 'latest', '1'],
  ]) {
    const { code, stdout } = scatter(...args);
    assert.deepEqual([code, stdout], [2, ''], args.join(' '));
  }
  const { versions, latest, aliases } = JSON.parse(scatter('show', 'price', '--json').stdout);
  assert.deepEqual([versions, latest, aliases], [[1, 2], 2, {}]);
});
