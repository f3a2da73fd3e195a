import { inspect } from 'node:util';
import type { CaptureOptions } from './capture/index.ts';
import { ScatterError } from './errors.ts';
import { checkOptionNames } from './option-names.ts';

/** How a function is tracked, and how its values are captured. */
export interface TrackOptions
  extends Pick<CaptureOptions, 'values' | 'allowCaptured' | 'maxBytes'> {
  /** What the function is called in the registry. @default its own name */
  readonly name?: string;
  /**
   * Tokens and provided capabilities that it needs, beside those that it is seen to use. What
   * `provide()` gave is also given to the handles of this function. @default []
   */
  readonly capabilities?: readonly object[];
}

const KNOWN = ['name', 'capabilities', 'values', 'allowCaptured', 'maxBytes'];

/** @throws ScatterError `CONFIG_INVALID` */
export function checkTrackOptions(options: TrackOptions): void {
  checkOptionNames('track(fn, { * })', options, KNOWN);
  const { values = 'link', allowCaptured = [], maxBytes = 1 } = options;
  if (values !== 'link' && values !== 'copy') {
    throw invalid('values', values, "must be 'link' or 'copy'");
  }
  const isList =
    Array.isArray(allowCaptured) && allowCaptured.every((one) => typeof one === 'string');
  if (!isList) throw invalid('allowCaptured', allowCaptured, 'must be a list of names');
  if (Number.isSafeInteger(maxBytes) && maxBytes >= 1) return;
  throw invalid('maxBytes', maxBytes, 'must be a whole number from 1');
}

function invalid(option: string, value: unknown, wanted: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `track(fn, { ${option} }) ${wanted}, and is ${inspect(value, { depth: 0 })}`,
  );
}
