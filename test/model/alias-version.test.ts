import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aliasVersion } from '../../src/model/alias-version.ts';

test('only aliases that were set point anywhere, `latest` where pushes put it', () => {
  const record = { latest: 3, aliases: { stable: 2 } };
  assert.equal(aliasVersion(record, 'latest'), 3);
  assert.equal(aliasVersion(record, 'stable'), 2);
  for (const alias of ['constructor', 'toString', 'beta']) {
    assert.equal(aliasVersion(record, alias), undefined);
  }
});
