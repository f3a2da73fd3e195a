import { newArray } from '../../../src/codec/own-property.ts';
import {
  ArrayPrototypeToSpliced,
  ReflectApply,
  StringFromCharCode,
} from '../../../src/codec/primordials.ts';

const CHUNK = 4096;

/** Text that is put together from UTF-16 code units. */
export class CodeUnits {
  readonly #units = newArray(CHUNK) as number[];
  #count = 0;
  #text = '';

  push(unit: number): void {
    if (this.#count === CHUNK) this.#flush();
    this.#units[this.#count] = unit;
    this.#count += 1;
  }

  pushCodePoint(code: number): void {
    if (code > 0xffff) this.push(0xd7c0 + (code >> 10));
    this.push(code > 0xffff ? 0xdc00 | (code & 0x3ff) : code);
  }

  /** Hands the text out, and begins anew. */
  take(): string {
    this.#flush();
    const text = this.#text;
    this.#text = '';
    return text;
  }

  #flush(): void {
    const exact = ArrayPrototypeToSpliced(this.#units, this.#count, CHUNK);
    this.#text += ReflectApply(StringFromCharCode, undefined, exact);
    this.#count = 0;
  }
}
