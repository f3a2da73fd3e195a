import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesPattern } from '../../src/model/name-pattern.ts';

test('a pattern matches the whole name, with any text for a *', () => {
  const matching: [string, string][] = [
    ['billing/*', 'billing/a/b'],
    ['billing/*', 'billing/'],
    ['*', ''],
    ['*', 'GET /users/:id'],
    ['a*a', 'aa'],
    ['a*b*c', 'a-b-b-c'],
    ['**', 'x'],
    ['f.o', 'f.o'],
  ];
  for (const [pattern, name] of matching) assert.ok(matchesPattern(name, pattern), pattern);
  const others: [string, string][] = [
    ['billing/*', 'billing'],
    ['billing/*', 'x/billing/a'],
    ['a*a', 'a'],
    ['a*b*c', 'a-c-b'],
    ['f.o', 'foo'],
    ['', 'x'],
  ];
  for (const [pattern, name] of others) assert.ok(!matchesPattern(name, pattern), pattern);
});
