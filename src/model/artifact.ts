/** The artifact format this scatter writes, and the highest it can run. */
export const ARTIFACT_FORMAT = 1;

/** How many other functions one can link to, and how many capabilities it can need. */
export const MAX_LINKS = 1000;
export const MAX_REQUIRES = 1000;

/**
 * A function's immutable, self-contained code. `format`, `code`, `links` and `requires` make its
 * digest; `origin` is for people and stack traces and leaves the digest alone, so that a function
 * that only moved within its file is unchanged.
 */
export interface Artifact {
  readonly format: number;
  /**
   * A JavaScript expression whose value is `($scatter) => function`. `$scatter.link(i)` gives the
   * asynchronous function behind `links[i]`, `$scatter.capability(i)` the capability that is called
   * `requires[i]`. Nothing else may be free in it but the guest's globals.
   */
  readonly code: string;
  /** References of the functions that are called through the host, as `name` or `name@3`. */
  readonly links: readonly string[];
  /** Names of the capabilities the function needs, sorted. */
  readonly requires: readonly string[];
  readonly origin: ArtifactOrigin;
}

/** Where the code came from. */
export interface ArtifactOrigin {
  /** The function as its author wrote it. */
  readonly source: string;
  /**
   * JSON of a source map (v3) that leads from `code` to its authors' files. These are named by their
   * path relative to the folder of the nearest package.json, with `/`.
   */
  readonly map: string;
  /** The variables whose values went into the code, in the order in which they were met. */
  readonly captured: readonly CapturedValue[];
}

/** A variable that a function takes along; its value is in the code, and nowhere else. */
export interface CapturedValue {
  /** The name of the variable. */
  readonly name: string;
  /** The function that uses it first. */
  readonly usedBy: string;
  /**
   * What it is, in a word: `string`, `Map`, `class`, `instance of Account`; `initialiser` if it is made
   * anew where the function runs.
   */
  readonly kind: string;
  /** How much of the code it makes, in bytes; what several variables reach counts for the first. */
  readonly bytes: number;
}
