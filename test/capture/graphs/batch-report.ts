import type { RootFiles } from './program.ts';

/** What a batch of graphs showed. */
export interface BatchReport {
  readonly runs: number;
  /** How many roots an edit had to change, and how many it had to leave alone. */
  readonly changed: number;
  readonly kept: number;
  readonly samples: readonly Sample[];
}

/** A graph to look at in another process. */
export interface Sample {
  readonly folder: string;
  readonly roots: RootFiles;
  readonly digests: Readonly<Record<string, string>>;
}
