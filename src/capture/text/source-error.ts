import { ScatterError } from '../../errors.ts';

/** A place in a module. Line and column from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of the line. */
  readonly text: string;
}

const WINDOW = 80;

/** Says what is wrong with the code and shows where. */
export function sourceError(
  trouble: string,
  place?: SourcePlace | { readonly file: string },
  cause?: unknown,
): ScatterError {
  const shown = place === undefined ? '' : showPlace(place);
  return new ScatterError(
    'SCATTER_ERR_SOURCE_INVALID',
    `the code is not valid: ${trouble}${shown}`,
    {
      cause,
      ...(place !== undefined && { file: place.file }),
      ...(place !== undefined && 'line' in place && { line: place.line, column: place.column }),
    },
  );
}

function showPlace(place: SourcePlace | { readonly file: string }): string {
  if (!('line' in place)) return ` (${place.file})`;
  const { file, line, column, text } = place;
  // A line can be a megabyte long.
  const start = Math.max(0, column - 1 - WINDOW / 2);
  const part = text.slice(start, start + WINDOW).replaceAll('\t', ' ');
  return ` (${file}:${line}:${column})\n    ${part}\n    ${' '.repeat(column - 1 - start)}^`;
}
