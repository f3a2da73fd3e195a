import assert from 'node:assert/strict';
import { type CaptureOptions, capture } from '../../src/capture/capture.ts';
import { isScatterError, type ScatterError } from '../../src/errors.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';

/** How a function is refused; fails if it is captured, or if the error is of another kind. */
export async function refusalOf(
  fn: AnyFunction,
  options: CaptureOptions = {},
): Promise<ScatterError> {
  const artifact = await capture(fn, options).catch((error: unknown) => {
    assert.ok(isScatterError(error, 'SCATTER_ERR_CAPTURE_UNSUPPORTED'), String(error));
    return error;
  });
  assert.ok(isScatterError(artifact), 'it was captured');
  return artifact;
}

/** Checks that all words stand in the message, in their order, and that it ends without a full stop. */
export function checkWords(message: string, words: readonly string[]): void {
  let from = 0;
  for (const word of words) {
    const at = message.indexOf(word, from);
    assert.ok(at >= 0, `${JSON.stringify(word)} is not in its place in:\n${message}`);
    from = at + word.length;
  }
  assert.ok(!message.endsWith('.'), message);
}
