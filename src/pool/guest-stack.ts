import type { ArtifactOrigin, SourceSpan } from '../model/artifact.ts';

// `at price (scatter:artifact:3:14)`, `at scatter:artifact:3:14`; the text is the guest's to choose,
// so nothing is done with it but replacing what looks like this.
const FRAME = /scatter:artifact:(\d+):(\d+)/g;
const OURS = /^\s+at .*scatter:prelude/;
const EVAL = /\(eval at [^()]+ \((?:[^()]*)\), (scatter:artifact:\d+:\d+)\)/g;

/** A guest's stack with its frames pointing into the author's files, and without those of ours. */
export function mapGuestStack(stack: string, origin: ArtifactOrigin): string {
  return stack
    .split('\n')
    .filter((line) => !OURS.test(line))
    .join('\n')
    .replace(EVAL, '($1)')
    .replace(FRAME, (frame, line, column) => locate(origin, Number(line), Number(column)) ?? frame);
}

function locate(origin: ArtifactOrigin, line: number, column: number): string | undefined {
  // The innermost span is the last one that begins before the place.
  const span = origin.spans.findLast((candidate) => covers(candidate, line, column));
  if (span === undefined) return undefined;
  const row = line - span.codeLine;
  const shift = row === 0 ? span.fileColumn - span.codeColumn : 0;
  return `${span.file}:${span.fileLine + row}:${column + shift}`;
}

function covers(span: SourceSpan, line: number, column: number): boolean {
  if (line < span.codeLine || line >= span.codeLine + span.lineCount) return false;
  return line > span.codeLine || column >= span.codeColumn;
}
