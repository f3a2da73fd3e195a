import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartBackoff } from '../../src/pool/restart-backoff.ts';

test('an executor that had come to life is followed by another at once, however often', () => {
  const backoff = new RestartBackoff();
  assert.equal(backoff.waitMs(0), 0);
  for (let index = 0; index < 5; index += 1) {
    backoff.ended(5000, true);
    assert.equal(backoff.waitMs(5000), 0);
  }
});

test('those that never come to life are followed by ever longer waits, of a second at most', () => {
  const backoff = new RestartBackoff();
  const waits = Array.from({ length: 7 }, () => {
    backoff.ended(5000, false);
    return backoff.waitMs(5000);
  });
  assert.deepEqual(waits, [50, 100, 200, 400, 800, 1000, 1000]);
  assert.ok(backoff.isHopeless);
  assert.equal(backoff.waitMs(5900), 100);
  assert.equal(backoff.waitMs(7000), 0);
});

test('one that comes to life ends the waiting', () => {
  const backoff = new RestartBackoff();
  for (let index = 0; index < 5; index += 1) backoff.ended(5000, false);
  backoff.ended(15_000, true);
  assert.ok(!backoff.isHopeless);
  assert.equal(backoff.waitMs(15_000), 0);
});
