import { ScatterError } from '../errors.ts';
import { type CodecFailureReport, isCodecFailure } from './codec-failure.ts';

/**
 * A codec failure as the error callers see: `VALUE_UNSUPPORTED`, `VALUE_TOO_LARGE`, and
 * `GUEST_REJECTED_OUTPUT` for malformed bytes.
 */
export function failureError(failure: CodecFailureReport): ScatterError {
  return new ScatterError('SCATTER_ERR_VALUE_UNSUPPORTED', `${failure.path} ${failure.reason}`, {
    path: failure.path,
  });
}

/** For a `catch` around the codec: its failures become {@link failureError}, others stay. */
export function translateFailure(error: unknown): unknown {
  return isCodecFailure(error) ? failureError(error) : error;
}
