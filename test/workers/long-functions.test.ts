import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LongFunctions } from '../../workers/long-functions.ts';

test('a function is held once its entries have taken more than 100 ms of what came together', () => {
  const long = new LongFunctions();
  long.add('long', 60);
  assert.ok(!long.isHeld('long'));
  long.add('short', 0.5);
  long.add('long', 60);
  assert.ok(long.isHeld('long'));
  assert.ok(!long.isHeld('short'));
});

test('it is taken again when the host has what was given back, and counts anew', () => {
  const long = new LongFunctions();
  long.add('long', 150);
  long.release('long');
  assert.ok(!long.isHeld('long'));
  long.add('long', 60);
  assert.ok(!long.isHeld('long'));
});

test('what came at another time does not count', () => {
  const long = new LongFunctions();
  long.add('now and then', 80);
  long.rest();
  long.add('now and then', 80);
  assert.ok(!long.isHeld('now and then'));
});
