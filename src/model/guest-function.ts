import type { Artifact } from './artifact.ts';

/** One version of a function, ready to be loaded anywhere. */
export interface GuestFunction {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly artifact: Artifact;
}
