import { Packr } from 'msgpackr';
import type { Random } from './random.ts';

/** What reaches into msgpackr, or is a type of its that is none of ours. */
const BY_HAND: readonly string[] = [
  // Its Error extension, which calls what `name` names in a table of host constructors.
  'd4650093a776616c75654f66c0c0',
  'd4650093ab636f6e7374727563746f72c0c0',
  'd4650093a946756e6374696f6eaa72657475726e2074686973c0',
  // Records, which reach `new Function`; also as a name that is code.
  'd472409161610a',
  'd4724091a16101',
  'd572400091a16101',
  'c705724091616101',
  'd4724091bf613b7468726f7720313b2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f',
  // References of structured clones, forwards and to themselves.
  'd6690000000192d67000000001c0',
  'd6690000000191d67000000001',
  '92d67000000009d67000000009',
  // Bundled strings, with positions that lead nowhere.
  'd6620000000491a161',
  'd662ffffffffc1',
  // Timestamps of 32, 64 and 96 bits, undefined, Set, RegExp, buffers, bigint.
  'd6ff5f5e1000',
  'd7ff000000005f5e1000',
  'c70cff00000000000000005f5e1000',
  'd40000',
  'd4730093010203',
  'd4780092a128a167',
  'c705740001020304',
  'c7094200ffffffffffffffff',
  'c1',
  'cf0020000000000001',
  'd3ffffffffffffffff',
  'ca7fc00000',
];

const SAMPLES: readonly unknown[] = [
  [
    { a: 1, b: 2 },
    { a: 3, b: 4 },
  ],
  { error: new RangeError('x'), when: new Date(0), set: new Set([1]), map: new Map([[1, {}]]) },
  { big: 2n ** 60n, regexp: /a/g, bytes: new Uint8Array(9), floats: new Float64Array(2) },
  { long: 'text '.repeat(30), other: ['text', 'text'], nothing: undefined },
];
const WRITERS: readonly Packr[] = [
  new Packr({ useRecords: true }),
  new Packr({ useRecords: false, structuredClone: true, moreTypes: true }),
  new Packr({ useRecords: true, bundleStrings: true }),
  new Packr({ structuredClone: true, useRecords: true, variableMapSize: true }),
];

const SEEDS: readonly Buffer[] = [
  ...BY_HAND.map((hex) => Buffer.from(hex, 'hex')),
  ...WRITERS.flatMap((writer) => SAMPLES.map((sample) => Buffer.from(writer.pack(sample)))),
];

export function hostileSeed(random: Random): Buffer {
  return random.pick(SEEDS);
}
