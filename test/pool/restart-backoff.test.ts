import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartBackoff } from '../../src/pool/restart-backoff.ts';

test('the first end is followed by a start at once', () => {
  const backoff = new RestartBackoff();
  assert.equal(backoff.waitMs(0), 0);
  backoff.ended(5000);
  assert.equal(backoff.waitMs(5000), 0);
});

test('ends in a row are followed by ever longer waits, of a second at most', () => {
  const backoff = new RestartBackoff();
  const waits = Array.from({ length: 8 }, () => {
    backoff.ended(5000);
    return backoff.waitMs(5000);
  });
  assert.deepEqual(waits, [0, 50, 100, 200, 400, 800, 1000, 1000]);
  assert.equal(backoff.waitMs(5900), 100);
  assert.equal(backoff.waitMs(7000), 0);
});

test('after a quiet time it begins again', () => {
  const backoff = new RestartBackoff();
  for (let index = 0; index < 5; index += 1) backoff.ended(5000);
  backoff.ended(15_000);
  assert.equal(backoff.waitMs(15_000), 0);
});
