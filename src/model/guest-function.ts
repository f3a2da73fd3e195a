import type { Artifact } from './artifact.ts';

/** One version of a function, ready to be loaded anywhere. One object stands for it in an instance. */
export interface GuestFunction {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly artifact: Artifact;
}

/** What versions with the same code have in common: they share isolates, leases and their end. */
export function codeKey({ name, digest }: GuestFunction): string {
  // A name has no `@`.
  return `${name}@${digest}`;
}
