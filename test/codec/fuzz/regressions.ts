import { CODEC } from './codec-target.ts';
import { FAMILIES } from './families.ts';
import { OUTBOX } from './outbox-target.ts';
import { RECORD } from './record-target.ts';
import { STREAM } from './stream-target.ts';
import type { Target } from './target.ts';
import { array, repeated, text } from './wire-bytes.ts';

/** Frames that something was wrong with once, or that are hostile in a way worth keeping. */
export const REGRESSIONS: readonly (readonly [title: string, target: Target, frame: Buffer])[] = [
  ['objects of two far indices, 31 kB each', CODEC, family('objects of two far indices')],
  ['entries of two far indices', CODEC, family('entries of two far indices')],
  ['errors of a far index', CODEC, family('errors of a far index')],
  ['objects whose indices take turns in the cache of keys', CODEC, indexTurns()],
  ['long names of one length', CODEC, family('long names', 2 ** 23)],
  ['a Set of long strings of one length', CODEC, family('a Set of long strings', 2 ** 23)],
  ['records with far indices for keys', RECORD, array(...repeated(farRecord(), 50_000))],
  ['a record with `__proto__` as a key', RECORD, hex('81a95f5f70726f746f5f5f80')],
  ['an AggregateError without a list, as deep as allowed', CODEC, deepAggregate()],
  ['text that cannot be made of an object', CODEC, hex('82a8746f537472696e6701a776616c75654f6601')],
  ['an outbox that is shorter than its head', OUTBOX, hex('dbdb06db')],
  ['a frame that claims 4 GB', STREAM, hex('ffffffff0000000001000000')],
];

function family(name: string, bytes = 20_000): Buffer {
  const make = FAMILIES[name];
  if (make === undefined) throw new Error(`there is no family ${name}`);
  return make(bytes);
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}

function farRecord(): Buffer {
  return Buffer.concat([Buffer.of(0x82), text('1023'), Buffer.of(0), text('2575'), Buffer.of(0)]);
}

function indexTurns(): Buffer {
  const objects = Array.from({ length: 9000 }, (_, at) =>
    Buffer.concat([Buffer.of(0x81), text(String(100 + ((at * 7919) % 900))), Buffer.of(0xc0)]),
  );
  return array(objects.length, Buffer.concat(objects));
}

function deepAggregate(): Buffer {
  const name = text('AggregateError');
  const error = Buffer.concat([Buffer.of(0xc7, name.length + 2, 5, 0x92), name, Buffer.of(0xa0)]);
  return Buffer.concat([Buffer.alloc(999, 0x91), error]);
}
