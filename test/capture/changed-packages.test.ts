import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { capture } from '../../src/capture/index.ts';
import { isScatterError } from '../../src/errors.ts';
import { rows } from './fixtures/changed-packages.mjs';
import { directOutcome, guestOutcome } from './guest.ts';

describe('a package that the program changed travels as it is then, or is refused', () => {
  for (const [title, fn] of Object.entries(rows)) {
    test(title, async () => {
      const outcome = await capture(fn).then(
        (artifact) => guestOutcome(artifact, []),
        (error: unknown) => error,
      );
      if (isScatterError(outcome, 'SCATTER_ERR_CAPTURE_UNSUPPORTED')) return;
      assert.deepEqual(outcome, await directOutcome(fn, []));
    });
  }
});
