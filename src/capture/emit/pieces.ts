import type { Script } from '../scripts/script.ts';
import { CodeMap } from './code-map.ts';

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

export interface Emitted {
  readonly code: string;
  /** JSON of a source map (v3) of `code`. */
  readonly map: string;
}

/** Puts the pieces together, and makes the map that leads back to their authors. */
export function joinPieces(pieces: readonly Piece[]): Emitted {
  const map = new CodeMap();
  for (const piece of pieces) {
    if (typeof piece === 'string') map.addPlain(piece);
    else if ('script' in piece) map.addAuthorText(piece);
    else map.addMappedText(piece);
  }
  const code = pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
  return { code, map: map.toString() };
}
