import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { encodeValue } from '../../src/codec/encode.ts';
import { cross, OPTIONS } from './cross.ts';
import { GuestCodec } from './guest-codec.ts';

const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 });
const anyText = fc.oneof(
  fc.string(),
  units.map((all) => String.fromCharCode(...all)),
);

const contractValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(null, undefined, true, false, -0, Number.NaN),
    fc.double(),
    fc.integer(),
    anyText,
    fc.bigInt(),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array(),
    fc.oneof(fc.int16Array(), fc.float64Array(), fc.bigInt64Array(), fc.uint8ClampedArray()),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(anyText, fc.constantFrom('__proto__', 'toString')), tie('value'), {
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(anyText, tie('value'))).map((entries) => new Map(entries)),
    fc.array(fc.oneof(anyText, fc.integer(), fc.bigInt())).map((items) => new Set(items)),
  ),
})).value;

describe('arbitrary values', () => {
  const guest = new GuestCodec();
  after(() => guest.dispose());

  it('arrive as they were', () => {
    fc.assert(
      fc.property(contractValue, (value) => assert.deepStrictEqual(cross(value), value)),
      { numRuns: 2000 },
    );
  });

  it('arrive as they were after a trip through an isolate', () => {
    fc.assert(
      fc.property(contractValue, (value) => assert.deepStrictEqual(guest.cross(value), value)),
      { numRuns: 500 },
    );
  });

  it('of JSON are decoded alike by msgpackr', () => {
    const packr = new Packr({ useRecords: false });
    const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));
    fc.assert(
      fc.property(json, (value) => {
        assert.deepStrictEqual(packr.unpack(encodeValue(value, OPTIONS)), value);
      }),
      { numRuns: 1000 },
    );
  });
});
