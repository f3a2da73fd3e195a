import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { originalPlaceOf } from '../scripts/script-map.ts';
import type { AuthorText, MappedText } from './piece.ts';

// What V8 names in a stack frame begins with one of these: a word, an opening bracket, a quote or an
// operator. An entry too many is never wrong, because the text between two of them is the author's.
const MARK =
  /\r\n|[\n\r\u2028\u2029]|[\w$\u0080-\u2027\u202a-\uffff]+|[([{`'"]|([-+*/%=<>&|^!~?])\1*/g;
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Writes the source map (v3) of a text that grows piece by piece. Lines and columns from 0. */
export class CodeMap {
  readonly #lines: SourceMapSegment[][] = [[]];
  readonly #sources = new Map<string, number>();
  #column = 0;

  /** Text that nobody wrote. */
  addPlain(text: string): void {
    const ends = [...text.matchAll(LINE_END)];
    const last = ends.at(-1);
    for (let count = ends.length; count > 0; count--) this.#lines.push([]);
    this.#column = last === undefined ? this.#column + text.length : afterEnd(text, last);
  }

  /** Text of a script, word for word; a script that was itself compiled leads on to its source. */
  addAuthorText({ script, start, text }: AuthorText): void {
    const placeOf = originalPlaceOf(script);
    if (placeOf === undefined) return this.addPlain(text);
    const first = this.#column;
    let lineStart = 0;
    MARK.lastIndex = 0;
    for (let mark = MARK.exec(text); mark !== null; mark = MARK.exec(text)) {
      const [word] = mark;
      if (isLineEnd(word)) {
        this.#lines.push([]);
        lineStart = MARK.lastIndex;
        continue;
      }
      const column = mark.index - lineStart + (lineStart === 0 ? first : 0);
      this.#add(column, placeOf(start + mark.index));
    }
    this.#column = text.length - lineStart + (lineStart === 0 ? first : 0);
    this.#close();
  }

  /** Text that brings a map of its own, such as a bundle of packages. */
  addMappedText({ text, map }: MappedText): void {
    const { sources, mappings } = JSON.parse(map) as { sources: string[]; mappings: string };
    const [firstLine = 0, firstColumn] = [this.#lines.length - 1, this.#column];
    this.addPlain(text);
    for (const [index, segments] of decode(mappings).entries()) {
      const shift = index === 0 ? firstColumn : 0;
      for (const segment of segments) {
        this.#lines[firstLine + index]?.push(this.#moved(segment, shift, sources));
      }
    }
    this.#close();
  }

  toString(): string {
    const mappings = encode(this.#lines);
    return JSON.stringify({ version: 3, sources: [...this.#sources.keys()], names: [], mappings });
  }

  #add(column: number, place: (Place & { readonly shown: string }) | undefined): void {
    const segment: SourceMapSegment =
      place === undefined
        ? [column]
        : [column, this.#sourceIndex(place.shown), place.line, place.column];
    this.#lines.at(-1)?.push(segment);
  }

  /** What follows on the same line is not the author's. */
  #close(): void {
    this.#lines.at(-1)?.push([this.#column]);
  }

  #moved(segment: SourceMapSegment, shift: number, sources: readonly string[]): SourceMapSegment {
    const column = segment[0] + shift;
    if (segment.length === 1) return [column];
    return [column, this.#sourceIndex(sources[segment[1]] ?? ''), segment[2], segment[3]];
  }

  #sourceIndex(shown: string): number {
    const known = this.#sources.get(shown);
    if (known !== undefined) return known;
    this.#sources.set(shown, this.#sources.size);
    return this.#sources.size - 1;
  }
}

function isLineEnd(word: string): boolean {
  const code = word.charCodeAt(0);
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
}

function afterEnd(text: string, { index, 0: end }: RegExpExecArray): number {
  return text.length - index - end.length;
}
