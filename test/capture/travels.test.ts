import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { capture } from '../../src/capture/index.ts';
import { travellingTables } from './cases.ts';
import { directOutcome, guestOutcome } from './guest.ts';

for (const { file, rows } of await travellingTables()) {
  describe(`captured from ${file}, in an isolate`, () => {
    for (const [title, [fn, expected, ...args]] of Object.entries(rows)) {
      test(title, async () => {
        const artifact = await capture(fn);
        const direct = await directOutcome(fn, args);
        assert.deepEqual(direct.value, expected, 'the direct call gives something else');
        assert.deepEqual(await guestOutcome(artifact, args), direct);
      });
    }
  });
}
