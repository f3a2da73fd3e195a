import { malformed } from './reader.ts';

/** V8 hashes strings of more characters by their length alone (`String::kMaxHashCalcLength`). */
export const LONGEST_HASHED = 16_383;

const MOST_OF_ONE_LENGTH = 256;

/**
 * Refuses names that would make it quadratic to tell them apart: those of one length are compared
 * with each other, character by character. 1600 of 17 kB took 2.7 s.
 */
export class LongNames {
  readonly #counts = new Map<number, number>();

  /** Counts a name of more than {@link LONGEST_HASHED} characters. @throws CodecFailure */
  add(name: string): void {
    const count = (this.#counts.get(name.length) ?? 0) + 1;
    if (count > MOST_OF_ONE_LENGTH) throw malformed('has long keys of one length, too many');
    this.#counts.set(name.length, count);
  }
}
