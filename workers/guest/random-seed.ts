/** The worker's randomness for this isolate, from which the library `crypto` makes more. */
import { Uint8ArrayConstructor } from '../../src/codec/primordials.ts';

let randomSeed: Uint8Array = new Uint8ArrayConstructor(0);

export function keepSeed(seed: Uint8Array): void {
  randomSeed = seed;
}

/** Hands the seed out once. */
export function takeSeed(): Uint8Array {
  const seed = randomSeed;
  randomSeed = new Uint8ArrayConstructor(0);
  return seed;
}
