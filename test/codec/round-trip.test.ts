import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { CONTRACT_VALUES } from './contract-values.ts';
import { cross } from './cross.ts';
import { GuestCodec } from './guest-codec.ts';

describe('values that cross', () => {
  const guest = new GuestCodec();
  after(() => guest.dispose());

  for (const [title, value] of CONTRACT_VALUES) {
    it(`${title} arrive as they were`, () => assertSame(cross(value), value));
    it(`${title} arrive as they were after a trip through an isolate`, () => {
      assertSame(guest.cross(value), value);
    });
  }

  it('holes become undefined', () => {
    const holey: unknown[] = [1];
    holey[2] = 3;
    const arrived = cross(holey) as unknown[];
    assert.deepEqual(Object.keys(arrived), ['0', '1', '2']);
    assert.equal(arrived[1], undefined);
  });

  it('symbol keys and inherited or hidden properties stay behind', () => {
    const value = Object.defineProperty({ a: 1, [Symbol('s')]: 2 }, 'hidden', { value: 3 });
    assertSame(cross(value), { a: 1 });
  });

  it('null-prototype objects arrive as plain ones', () => {
    assertSame(cross(Object.assign(Object.create(null), { a: 1 })), { a: 1 });
  });

  it('values of another realm arrive as values of this one', () => {
    const made = runInNewContext(
      '({ o: { a: [1] }, m: new Map([[1, new Set([2])]]), d: new Date(3), b: new Uint16Array([4]), ' +
        'e: new RangeError("r"), buffer: new ArrayBuffer(2) })',
    );
    assertSame(cross(made), {
      o: { a: [1] },
      m: new Map([[1, new Set([2])]]),
      d: new Date(3),
      b: new Uint16Array([4]),
      e: new RangeError('r'),
      buffer: new ArrayBuffer(2),
    });
  });

  it('a Buffer arrives as a Uint8Array', () => {
    assertSame(cross(Buffer.from([1, 2])), new Uint8Array([1, 2]));
  });

  it('one object twice arrives as two', () => {
    const shared = { a: 1 };
    const [first, second] = cross([shared, shared]) as [object, object];
    assertSame(first, second);
    assert.notEqual(first, second);
  });

  it('what arrives keeps no view of the encoding', () => {
    const arrived = cross([new Uint8Array(3), new ArrayBuffer(3)]) as [Uint8Array, ArrayBuffer];
    assert.equal(arrived[0].buffer.byteLength, 3);
    assert.equal(arrived[1].byteLength, 3);
  });

  it('__proto__ sets no prototype', () => {
    const arrived = cross(JSON.parse('{"__proto__": {"polluted": true}}')) as object;
    assert.equal(Object.getPrototypeOf(arrived), Object.prototype);
    assert.equal('polluted' in arrived, false);
  });
});

function assertSame(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(actual, expected);
}
