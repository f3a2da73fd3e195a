import type { TypeCounts } from './plain-value.ts';

/** What was found of all frames of one target. */
export interface TargetTally {
  frames: number;
  passed: number;
  bytes: number;
  /** Time of what was measured, in ms. */
  ms: number;
  readonly refused: Map<string, number>;
}

export interface SlowestFrame {
  readonly target: string;
  readonly frame: number;
  readonly bytes: number;
  readonly ms: number;
}

/** Counts of a whole run. */
export class Tally {
  readonly targets = new Map<string, TargetTally>();
  readonly types: TypeCounts = new Map();
  /** By the largest power of four that is not over their size in bytes. */
  readonly sizes = new Map<number, { frames: number; bytes: number; ms: number }>();
  slowest: SlowestFrame | undefined;
  /** Most bytes that decoding one frame took beyond a constant, for each of its own. */
  mostPerByte = 0;

  add(outcome: string, { target, frame, bytes, ms }: SlowestFrame): void {
    const one = this.#targetTally(target);
    one.frames += 1;
    one.bytes += bytes;
    one.ms += ms;
    if (outcome === 'passed') one.passed += 1;
    else one.refused.set(outcome, (one.refused.get(outcome) ?? 0) + 1);
    if (ms > (this.slowest?.ms ?? 0)) this.slowest = { target, frame, bytes, ms };
    const size = 4 ** Math.floor(Math.log2(Math.max(1, bytes)) / 2);
    const all = this.sizes.get(size) ?? { frames: 0, bytes: 0, ms: 0 };
    this.sizes.set(size, {
      frames: all.frames + 1,
      bytes: all.bytes + bytes,
      ms: all.ms + ms,
    });
  }

  #targetTally(name: string): TargetTally {
    const known = this.targets.get(name);
    if (known !== undefined) return known;
    const made = { frames: 0, passed: 0, bytes: 0, ms: 0, refused: new Map<string, number>() };
    this.targets.set(name, made);
    return made;
  }
}
