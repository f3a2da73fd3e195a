import type { SourceSpan } from '../model/artifact.ts';
import { LineIndex } from './line-index.ts';
import type { Script } from './script.ts';

export type Piece = string | AuthorText;

/** Text that stands in the code as it stands in the author's file. */
export interface AuthorText {
  readonly script: Script;
  readonly start: number;
  readonly text: string;
}

export interface Emitted {
  readonly code: string;
  readonly spans: readonly SourceSpan[];
}

/** Puts the pieces together and notes where the author's came to stand. */
export function joinPieces(pieces: readonly Piece[]): Emitted {
  const texts = pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text));
  const code = texts.join('');
  const lines = new LineIndex(code);
  const spans: SourceSpan[] = [];
  let offset = 0;
  for (const [index, piece] of pieces.entries()) {
    const span = typeof piece === 'string' ? undefined : spanOf(piece, offset, lines);
    if (span !== undefined) spans.push(span);
    offset += texts[index]?.length ?? 0;
  }
  return { code, spans };
}

function spanOf(piece: AuthorText, offset: number, lines: LineIndex): SourceSpan | undefined {
  const { file, lines: fileLines } = piece.script;
  if (file === undefined) return undefined;
  const here = lines.positionOf(offset);
  const there = fileLines.positionOf(piece.start);
  return {
    file: file.shown,
    fileLine: there.line,
    fileColumn: there.column,
    codeLine: here.line,
    codeColumn: here.column,
    lineCount: lines.positionOf(offset + piece.text.length).line - here.line + 1,
  };
}
