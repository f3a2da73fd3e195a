import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScatterError } from '../../src/errors.ts';
import { DEFAULT_LIMITS, replaceLimits, tightenLimits } from '../../src/model/limits.ts';

test("an instance's limits replace the defaults, higher or lower", () => {
  assert.equal(replaceLimits(DEFAULT_LIMITS, { cpuMs: 5000 }).cpuMs, 5000);
  assert.equal(replaceLimits(DEFAULT_LIMITS, { cpuMs: 5 }).cpuMs, 5);
});

test('of the limits of a handle or call the lower wins, and a fresh isolate over a shared one', () => {
  assert.equal(tightenLimits(DEFAULT_LIMITS, { cpuMs: 5000 }).cpuMs, 1000);
  assert.equal(tightenLimits(DEFAULT_LIMITS, { cpuMs: 5 }).cpuMs, 5);
  const fresh = tightenLimits(DEFAULT_LIMITS, { freshIsolate: true });
  assert.equal(tightenLimits(fresh, { freshIsolate: false }).freshIsolate, true);
});

test('what is no limit is CONFIG_INVALID naming the field', () => {
  const wrong: object[] = [
    { cpuMs: 0 },
    { cpuMs: Number.NaN },
    { timeoutMs: Number.POSITIVE_INFINITY },
    { timeoutMs: '5' },
    { memoryMb: 7 },
    { memoryMb: null },
    { maxConcurrency: 0 },
    { maxResultBytes: -1 },
    { timeoutMs: 2 ** 31 },
    { freshIsolate: 1 },
    { cpu: 1 },
  ];
  for (const limits of wrong) {
    const [field = ''] = Object.keys(limits);
    assert.throws(
      () => tightenLimits(DEFAULT_LIMITS, limits),
      (error) =>
        isScatterError(error, 'SCATTER_ERR_CONFIG_INVALID') && error.message.includes(field),
    );
  }
});

test('the lowest and highest limits there may be are taken; undefined leaves a limit as it was', () => {
  const edges = { memoryMb: 8, cpuMs: 1, timeoutMs: 2 ** 31 - 1 };
  assert.deepEqual(replaceLimits(DEFAULT_LIMITS, edges), { ...DEFAULT_LIMITS, ...edges });
  const unset: object = { cpuMs: undefined };
  assert.deepEqual(replaceLimits(DEFAULT_LIMITS, unset), DEFAULT_LIMITS);
  assert.deepEqual(tightenLimits(DEFAULT_LIMITS, unset), DEFAULT_LIMITS);
});
