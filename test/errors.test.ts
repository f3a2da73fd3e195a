import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ERROR_CODES, ScatterError } from '../src/errors.ts';

const root = new URL('../', import.meta.url);
const table = [
  ...readFileSync(new URL('docs/errors.md', root), 'utf8').matchAll(
    /^\| `(SCATTER_ERR_\w+)` \| (yes|no) \| [^|]{20,} \| [^|]{5,} \|$/gm,
  ),
];

test('docs/errors.md explains every code, says whether it is retryable, and no others', () => {
  const documented = Object.fromEntries(table.map(([, code, retryable]) => [code, retryable]));
  const real = Object.fromEntries(
    Object.entries(ERROR_CODES).map(([code, { retryable }]) => [code, retryable ? 'yes' : 'no']),
  );
  assert.deepEqual(documented, real);
  assert.equal(table.length, Object.keys(ERROR_CODES).length, 'a code stands there twice');
});

test('every code that the sources mention is in the table', () => {
  const files = globSync('{src,workers,cli}/**/*.ts', { cwd: root });
  assert.ok(files.length > 50);
  for (const file of files) {
    const text = readFileSync(new URL(file, root), 'utf8');
    for (const [, code = ''] of text.matchAll(/'(SCATTER_ERR_\w+)'/g)) {
      assert.ok(code in ERROR_CODES, `${code} in ${file}`);
    }
  }
});

test('messages end without a full stop', () => {
  for (const file of globSync('{src,workers,cli}/**/*.ts', { cwd: root })) {
    const text = readFileSync(new URL(file, root), 'utf8');
    for (const [call] of text.matchAll(/new ScatterError\([^;]*;/g)) {
      assert.doesNotMatch(call, /[^.]\.['"`],?\s*(\{|\))/, `in ${file}`);
    }
  }
});

test('an error takes retryable from the table unless told otherwise, and details as fields', () => {
  const error = new ScatterError('SCATTER_ERR_EXECUTOR_CRASHED', 'x', {
    begun: false,
    retryable: true,
    cause: 1,
  });
  assert.deepEqual([error.retryable, error.begun, error.cause], [true, false, 1]);
  assert.equal(new ScatterError('SCATTER_ERR_POOL_OVERLOADED', 'x').retryable, true);
  assert.equal(new ScatterError('SCATTER_ERR_ABORTED', 'x').retryable, false);
});
