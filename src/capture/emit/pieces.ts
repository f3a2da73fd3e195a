import { CodeMap } from './code-map.ts';
import type { Piece } from './piece.ts';

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
