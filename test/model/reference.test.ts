import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScatterError } from '../../src/errors.ts';
import {
  checkAlias,
  checkVersion,
  formatReference,
  parseReference,
} from '../../src/model/reference.ts';

const invalid = (error: unknown): boolean => isScatterError(error, 'SCATTER_ERR_REF_INVALID');
const missing = (error: unknown): boolean => isScatterError(error, 'SCATTER_ERR_VERSION_NOT_FOUND');

test('references name a function, one of its versions or an alias', () => {
  assert.deepEqual(parseReference('tax'), { name: 'tax', alias: 'latest' });
  assert.deepEqual(parseReference('tax@3'), { name: 'tax', version: 3 });
  assert.deepEqual(parseReference('tax@007'), { name: 'tax', version: 7 });
  assert.deepEqual(parseReference('GET /a:b@stable'), { name: 'GET /a:b', alias: 'stable' });
  assert.deepEqual(parseReference('a{b} c@v1.2-rc_1'), { name: 'a{b} c', alias: 'v1.2-rc_1' });
});

test('a reference as text reads as the same reference; latest is left out', () => {
  for (const text of ['tax', 'tax@3', 'tax@stable', 'GET /a/:b@3']) {
    assert.equal(formatReference(parseReference(text)), text);
  }
  assert.equal(formatReference(parseReference('tax@latest')), 'tax');
});

test('malformed references are REF_INVALID', () => {
  const wrong = [
    '',
    '@',
    'tax@',
    '@3',
    'tax@-1',
    'tax@1.5',
    'tax@1e3',
    'tax@ 3',
    'tax@3 ',
    ' tax@3',
  ];
  for (const text of [...wrong, 'a@b@c', 'tax@é', 'tax@1a', 'tax@a b', 'tax@99999999999999999']) {
    assert.throws(() => parseReference(text), invalid, text);
  }
});

test('versions are whole numbers: fractions and what is no number are REF_INVALID', () => {
  for (const version of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.throws(() => checkVersion(version, 'tax'), invalid, String(version));
  }
  assert.equal(checkVersion(1, 'tax'), 1);
});

test('a version below 1 is VERSION_NOT_FOUND', () => {
  for (const version of [0, -0, -1]) assert.throws(() => checkVersion(version, 'tax'), missing);
  assert.throws(() => parseReference('tax@0'), missing);
});

test('aliases are a letter and up to 63 letters, digits, `_`, `.` and `-`', () => {
  for (const alias of ['a', 'stable', 'v1.2', 'x'.repeat(64)])
    assert.equal(checkAlias(alias), alias);
  for (const alias of [
    '',
    '1',
    '-a',
    '.a',
    'a b',
    'a@b',
    'x'.repeat(65),
    'stable\n',
    '__proto__',
  ]) {
    assert.throws(() => checkAlias(alias), invalid, JSON.stringify(alias));
  }
});
