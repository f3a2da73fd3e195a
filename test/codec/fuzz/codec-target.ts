import { isCodecFailure } from '../../../src/codec/codec-failure.ts';
import { decodeValue } from '../../../src/codec/decode.ts';
import { encodeValue } from '../../../src/codec/encode.ts';
import { scan } from '../../../src/codec/scan.ts';
import { OPTIONS } from '../cross.ts';
import { FAMILIES } from './families.ts';
import { hostileSeed } from './hostile-seeds.ts';
import { mutate } from './mutate.ts';
import { checkPlain } from './plain-value.ts';
import type { Random } from './random.ts';
import { runReaders } from './readers.ts';
import { isSame } from './same-value.ts';
import type { Probe, Target } from './target.ts';
import { randomValue } from './values.ts';
import { demand, Violation } from './violation.ts';

/** Results of guests, and the same bytes in every other place where a host reads values. */
export const CODEC: Target = {
  name: 'values of guests',
  share: 60,
  make: makeFrame,
  run: (frame, random, probe) => {
    const refusal = probe.measure(() => refusalOf(frame));
    if (refusal === undefined) checkDecoded(frame, probe);
    else if (frame.length < 4096) decodesOrRefuses(frame);
    runReaders(frame, random, refusal !== undefined);
    return refusal ?? 'passed';
  },
};

/** The bytes of a value, of bytes put together by hand, or such bytes mutated. */
export function makeFrame(random: Random): Buffer {
  const frame = wellFormed(random);
  return random.oneIn(5) ? frame : mutate(frame, random, () => wellFormed(random));
}

function wellFormed(random: Random): Buffer {
  if (random.oneIn(12)) return hostileSeed(random);
  if (random.oneIn(12)) {
    const make = random.pick(Object.values(FAMILIES));
    return make(16 + random.length(random.oneIn(40) ? 100_000 : 4000));
  }
  return Buffer.from(encodeValue(randomValue(random), OPTIONS));
}

/** Why the scanner refuses the frame, if it does. */
export function refusalOf(frame: Uint8Array): string | undefined {
  try {
    scan(frame, 0, frame.byteLength);
    return undefined;
  } catch (error) {
    if (!isCodecFailure(error) || error.kind !== 'malformed') throw error;
    return error.reason.replace(/^the encoding /, '');
  }
}

function checkDecoded(frame: Buffer, probe: Probe): void {
  const given = Buffer.from(new Uint8Array(frame).buffer);
  const value = probe.measure(() => decodeValue(given));
  checkPlain(value, probe.types, given.buffer);
  const again = decodeValue(frame);
  // What was decoded must not depend on the bytes any more.
  given.fill(0xc1);
  demand(isSame(value, again), 'decoded twice, it differs');
  const bytes = encodeAgain(value);
  if (bytes === undefined) return;
  demand(refusalOf(bytes) === undefined, 'what was encoded again is refused');
  demand(isSame(decodeValue(bytes), value), 'encoded and decoded again, it differs');
}

/** Undefined for the list that an AggregateError gets if the bytes have none: one too many. */
function encodeAgain(value: unknown): Uint8Array | undefined {
  try {
    return encodeValue(value, OPTIONS);
  } catch (error) {
    if (isCodecFailure(error) && /deeper than|objects/.test(error.reason)) return undefined;
    throw error;
  }
}

/** The decoder by itself is laxer than the scanner, but never fails in another way. */
function decodesOrRefuses(frame: Buffer): void {
  try {
    decodeValue(frame);
  } catch (error) {
    if (isCodecFailure(error) && error.kind === 'malformed') return;
    throw new Violation('the decoder fails in another way', { cause: error });
  }
}
