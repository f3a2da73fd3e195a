import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapGuestStack } from '../../src/pool/guest-stack.ts';

const origin = {
  captured: [],
  source: '',
  spans: [
    { file: 'app/price.ts', fileLine: 10, fileColumn: 8, codeLine: 3, codeColumn: 1, lineCount: 4 },
    { file: 'lib/tax.ts', fileLine: 1, fileColumn: 1, codeLine: 8, codeColumn: 12, lineCount: 1 },
  ],
};

test("frames point into the author's files, on the first line with its column shifted", () => {
  const stack = 'Error: x\n    at price (scatter:artifact:3:5)\n    at scatter:artifact:5:9';
  assert.equal(
    mapGuestStack(stack, origin),
    'Error: x\n    at price (app/price.ts:10:12)\n    at app/price.ts:12:9',
  );
});

test('frames of code that no file has stay as they are, frames of the prelude go', () => {
  const stack =
    'Error: x\n    at tax (scatter:artifact:8:20)\n    at scatter:artifact:1:1\n    at run (scatter:prelude:4:2)';
  assert.equal(
    mapGuestStack(stack, origin),
    'Error: x\n    at tax (lib/tax.ts:1:9)\n    at scatter:artifact:1:1',
  );
});
