import type { TypeCounts } from './plain-value.ts';
import type { Random } from './random.ts';

/** What a frame of one kind does to the program. */
export interface Target {
  readonly name: string;
  /** How many of a hundred frames are for it. */
  readonly share: number;
  make(random: Random): Buffer;
  /**
   * Lets the program read the frame. Returns `passed` or why it was refused.
   *
   * @throws Violation, or whatever the program throws that it must not
   */
  run(frame: Buffer, random: Random, probe: Probe): string;
}

/** Takes down what reading costs and gives. */
export interface Probe {
  readonly types: TypeCounts;
  /** Runs `read` and measures it as part of the frame. */
  measure<T>(read: () => T): T;
}
