import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@jridgewell/sourcemap-codec';
import fc from 'fast-check';
import { mapGuestStack } from '../../src/pool/guest-stack.ts';

const mappings = encode([
  [],
  [],
  [[4, 0, 9, 11]],
  [],
  [
    [2, 0, 11, 2],
    [8, 0, 11, 8],
  ],
  [],
  [],
  [[19, 1, 0, 8]],
]);
const origin = originOf({
  version: 3,
  sources: ['app/price.ts', 'lib/tax.ts'],
  names: [],
  mappings,
});

test("frames point into the author's files, to the line and column", () => {
  const stack = 'Error: x\n    at price (scatter:artifact:3:5)\n    at scatter:artifact:5:9';
  assert.equal(
    mapGuestStack(stack, origin),
    'Error: x\n    at price (app/price.ts:10:12)\n    at app/price.ts:12:9',
  );
});

test('frames of code that no file has stay as they are, frames of the prelude go', () => {
  const stack =
    'Error: x\n    at tax (scatter:artifact:8:20)\n    at scatter:artifact:6:1\n    at run (scatter:prelude:4:2)';
  assert.equal(
    mapGuestStack(stack, origin),
    'Error: x\n    at tax (lib/tax.ts:1:9)\n    at scatter:artifact:6:1',
  );
});

test('a map that is broken or too large leaves the frames as they are', () => {
  const stack = 'Error: x\n    at scatter:artifact:3:5';
  const maps: unknown[] = [
    '',
    '{',
    'null',
    '[]',
    { version: 3, sources: {}, mappings },
    { version: 3, sources: [1, null], mappings },
    { version: 3, sources: ['a'.repeat(1000)], mappings: ';;AAAA' },
    { version: 3, sources: [], mappings: ';;AAAA' },
    { version: 3, sources: ['a'], mappings: ';;AA\u00e9A' },
    { version: 3, sources: ['a'], mappings: [';;AAAA'] },
    { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: { sections: [] } }] },
    { version: 3, sources: ['a'], mappings: `;;AAAA${',A'.repeat(700_000)}` },
    ' '.repeat(9_000_000),
  ];
  for (const map of maps) {
    assert.equal(mapGuestStack(stack, originOf(map)), stack, String(map).slice(0, 80));
  }
});

test('no map makes it throw', () => {
  const base64 = fc.string({
    unit: fc.constantFrom(...'ABCDgh/+9,;'),
    maxLength: 60,
  });
  const maps = fc.record({
    version: fc.constant(3),
    sources: fc.array(fc.string()),
    mappings: base64,
  });
  fc.assert(
    fc.property(fc.oneof(maps, fc.json()), fc.nat(9), fc.nat(30), (map, line, column) => {
      mapGuestStack(`Error\n    at scatter:artifact:${line}:${column}`, originOf(map));
    }),
  );
});

function originOf(map: unknown) {
  return { source: '', captured: [], map: typeof map === 'string' ? map : JSON.stringify(map) };
}
