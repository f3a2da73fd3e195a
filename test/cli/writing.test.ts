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

test('rm asks on a terminal, needs --yes without one, and keeps what is used with --older-than', async () => {
  const scatter = await priceRegistry();
  assert.equal(scatter('alias', 'price', 'stable', '1').code, 0);
  const unasked = scatter('rm', 'price');
  assert.equal(unasked.code, 2);
  assert.match(unasked.stderr, /--yes/);
  const pruned = scatter('rm', 'price', '--older-than', '2');
  assert.equal(pruned.code, 0);
  assert.match(pruned.stderr, /kept price@1: stable/);
  assert.equal(scatter('rm', 'price', '--yes').code, 0);
  assert.deepEqual(JSON.parse(scatter('ls', '--json').stdout), { functions: [] });
});
