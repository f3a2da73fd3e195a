import { type ErrorCode, isScatterError } from '../src/errors.ts';

export const WRONG_USAGE = 2;

const CODES: Partial<Record<ErrorCode, number>> = {
  SCATTER_ERR_REF_INVALID: WRONG_USAGE,
  SCATTER_ERR_CONFIG_INVALID: WRONG_USAGE,
  SCATTER_ERR_REGISTRY_CONFLICT: 3,
  SCATTER_ERR_FUNCTION_NOT_FOUND: 4,
  SCATTER_ERR_VERSION_NOT_FOUND: 4,
  SCATTER_ERR_REGISTRY_UNREACHABLE: 5,
};

/** What the process exits with: 1 failed, 2 wrong usage, 3 conflict, 4 not found, 5 unreachable. */
export function exitCodeOf(error: unknown): number {
  return isScatterError(error) ? (CODES[error.code] ?? 1) : 1;
}
