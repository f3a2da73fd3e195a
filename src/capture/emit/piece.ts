import type { Script } from '../scripts/script.ts';

/** A part of an artifact's code; a plain string is text of ours. */
export type Piece = string | AuthorText | MappedText;

/** Text that stands in the code as it stands in its script. */
export interface AuthorText {
  readonly script: Script;
  readonly start: number;
  readonly text: string;
}

/** Text that was made of other texts, and the source map (v3) that says of which. */
export interface MappedText {
  readonly text: string;
  readonly map: string;
}
