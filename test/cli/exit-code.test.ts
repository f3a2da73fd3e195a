import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from '../../cli/exit-code.ts';
import { ERROR_CODES, type ErrorCode, ScatterError } from '../../src/errors.ts';

const OTHER_THAN_FAILED: Partial<Record<ErrorCode, number>> = {
  SCATTER_ERR_REF_INVALID: 2,
  SCATTER_ERR_CONFIG_INVALID: 2,
  SCATTER_ERR_REGISTRY_CONFLICT: 3,
  SCATTER_ERR_FUNCTION_NOT_FOUND: 4,
  SCATTER_ERR_VERSION_NOT_FOUND: 4,
  SCATTER_ERR_REGISTRY_UNREACHABLE: 5,
};

test('every error code has its exit code: 2 usage, 3 conflict, 4 not found, 5 unreachable, else 1', () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    assert.equal(exitCodeOf(new ScatterError(code, 'x')), OTHER_THAN_FAILED[code] ?? 1, code);
  }
  assert.equal(exitCodeOf(new TypeError('x')), 1);
});
