import { decodeValue } from '../../src/codec/decode.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { scan } from '../../src/codec/scan.ts';

export const OPTIONS = { root: 'result', maxBytes: 64 * 1024 * 1024 };

/** What arrives of a value that goes from here to here. */
export function cross(value: unknown): unknown {
  const bytes = encodeValue(value, OPTIONS);
  scan(bytes);
  return decodeValue(bytes);
}
