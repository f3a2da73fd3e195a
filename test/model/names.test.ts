import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScatterError } from '../../src/errors.ts';
import { checkFunctionName } from '../../src/model/function-name.ts';
import { formatReference, parseReference } from '../../src/model/reference.ts';

const invalid = (error: unknown): boolean => isScatterError(error, 'SCATTER_ERR_REF_INVALID');

test('names may hold spaces, `:`, `/`, `{}` and any script', () => {
  const fine = ['GET /users/:id', 'a{b}', 'Größe', '税率', '🧮', 'a', 'x'.repeat(256), 'a.b-c_d'];
  for (const name of fine) assert.equal(checkFunctionName(name), name);
});

test('names that would break references, keys or logs are REF_INVALID with the rule', () => {
  const wrong = [
    '',
    'a@b',
    'x'.repeat(257),
    'a\nb',
    'a\u0000',
    '\ud800',
    ' a',
    'a ',
    'e\u0301',
    'a\u2028',
  ];
  for (const name of wrong) {
    assert.throws(() => checkFunctionName(name), invalid, JSON.stringify(name));
  }
});

test('references name a function, one of its versions or an alias', () => {
  assert.deepEqual(parseReference('tax'), { name: 'tax', alias: 'latest' });
  assert.deepEqual(parseReference('tax@3'), { name: 'tax', version: 3 });
  assert.deepEqual(parseReference('GET /a:b@stable'), { name: 'GET /a:b', alias: 'stable' });
  for (const text of ['tax', 'tax@3', 'tax@stable']) {
    assert.equal(formatReference(parseReference(text)), text);
  }
  assert.equal(formatReference(parseReference('tax@latest')), 'tax');
});

test('malformed references are REF_INVALID, version 0 is VERSION_NOT_FOUND', () => {
  for (const text of [
    '',
    '@',
    'tax@',
    '@3',
    'tax@-1',
    'tax@1.5',
    'tax@1e3',
    'tax@ 3',
    'a@b@c',
    'tax@é',
  ]) {
    assert.throws(() => parseReference(text), invalid, text);
  }
  const missing = (error: unknown): boolean =>
    isScatterError(error, 'SCATTER_ERR_VERSION_NOT_FOUND');
  assert.throws(() => parseReference('tax@0'), missing);
});
