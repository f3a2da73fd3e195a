import { type ErrorCode, ScatterError } from '../errors.ts';
import { type CodecFailureKind, type CodecFailureReport, isCodecFailure } from './codec-failure.ts';

const CODES: Record<CodecFailureKind, ErrorCode> = {
  unsupported: 'SCATTER_ERR_VALUE_UNSUPPORTED',
  'too-large': 'SCATTER_ERR_VALUE_TOO_LARGE',
  malformed: 'SCATTER_ERR_GUEST_REJECTED_OUTPUT',
};
// A guest's report is a guest's words.
const MAX_TEXT = 2000;

/**
 * A codec failure, or a guest's report of one, as the error callers see: `VALUE_UNSUPPORTED`,
 * `VALUE_TOO_LARGE`, and for malformed bytes `GUEST_REJECTED_OUTPUT`.
 */
export function failureError(failure: CodecFailureReport): ScatterError {
  const path = failure.path.slice(0, MAX_TEXT);
  const reason = failure.reason.slice(0, MAX_TEXT);
  const code = CODES[failure.kind];
  return path === ''
    ? new ScatterError(code, reason)
    : new ScatterError(code, `${path} ${reason}`, { path });
}

/** For a `catch` around the codec: its failures become {@link failureError}, others stay. */
export function translateFailure(error: unknown): unknown {
  return isCodecFailure(error) ? failureError(error) : error;
}
