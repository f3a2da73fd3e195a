import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { CONTRACT_VALUES } from './contract-values.ts';
import { GuestCodec } from './guest-codec.ts';
import { TAMPER } from './tamper.ts';

const ERRORS = [
  Object.assign(new TypeError('bad', { cause: new Error('why') }), { code: 'E', ['a']: [1] }),
  new AggregateError([1], 'many'),
];

describe('the codec after guest code has replaced every built-in', () => {
  const guest = new GuestCodec();
  guest.run(TAMPER);
  after(() => guest.dispose());

  for (const [title, value] of [...CONTRACT_VALUES, ['errors', ERRORS] as const]) {
    it(`carries ${title} and touches none of it`, () => {
      const arrived = guest.cross(value);
      assert.equal(guest.run('reached'), '');
      assert.deepStrictEqual(arrived, guestless(value));
    });
  }
});

/** Errors arrive with a stack of one line; everything else is compared as it is. */
function guestless(value: unknown): unknown {
  if (value !== ERRORS) return value;
  for (const error of [...ERRORS, ERRORS[0]?.cause as Error])
    error.stack = `${error.name}: ${error.message}`;
  return value;
}
