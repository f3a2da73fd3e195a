import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetiredCode } from '../../src/pool/retired-code.ts';
import { guest } from './support.ts';

test('of code that was retired only what went last is remembered, however many swaps there are', () => {
  const retired = new RetiredCode();
  const version = (n: number) => guest('f', `() => ${n}`);
  for (let n = 0; n < 30_000; n++) retired.add(version(n));
  assert.equal(retired.size, 10_000);
  assert.ok(retired.has(version(29_999)));
  assert.ok(!retired.has(version(0)));
  retired.delete(version(29_999));
  assert.ok(!retired.has(version(29_999)));
});
