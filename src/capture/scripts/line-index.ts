/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Turns offsets into lines and back, with the line ends that V8 counts in stack traces. */
export class LineIndex {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const ends = text.matchAll(/\r\n|[\n\r\u2028\u2029]/g);
    this.#starts = [0, ...Array.from(ends, (end) => end.index + end[0].length)];
  }

  /** The offset of a line and column counted from 0, as the inspector counts. */
  offsetOf(line: number, column: number): number {
    return (this.#starts[line] ?? 0) + column;
  }

  positionOf(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
