import type { Artifact } from './artifact.ts';

/** One version of a function, ready to be loaded anywhere. One object stands for it in an instance. */
export interface GuestFunction {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly artifact: Artifact;
}
