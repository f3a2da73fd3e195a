/** Reads and writes values of every kind that are nested as deep as allowed. */
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeValue } from '../../src/codec/encode.ts';
import { scan } from '../../src/codec/scan.ts';
import { MAX_DEPTH } from '../../src/codec/wire.ts';

const WRAPS: readonly ((inner: unknown) => unknown)[] = [
  (inner) => [inner],
  (inner) => ({ a: inner }),
  (inner) => ({ '\ud800': inner }),
  (inner) => new Set([inner]),
  (inner) => new Map([[inner, 1]]),
  (inner) => new Map([[1, inner]]),
  (inner) => new Error('', { cause: inner }),
  (inner) => Object.assign(new Error(''), { field: inner }),
];

for (const wrap of WRAPS) {
  let value: unknown = 1;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) value = wrap(value);
  const bytes = encodeValue(value, { root: 'value', maxBytes: 2 ** 20 });
  scan(bytes);
  decodeValue(bytes);
}
