import { CodeUnits } from './code-units.ts';

const REPLACEMENT = 0xfffd;

/** The UTF-8 decoder of the Encoding Standard (https://encoding.spec.whatwg.org/#utf-8-decoder). */
export class Utf8Decoder {
  readonly #fatal: boolean;
  readonly #units = new CodeUnits();
  #code = 0;
  #needed = 0;
  #lower = 0x80;
  #upper = 0xbf;

  /** @param fatal whether bytes that are no UTF-8 throw a TypeError; else each begun character is U+FFFD */
  constructor(fatal: boolean) {
    this.#fatal = fatal;
  }

  /** The text so far; unless `more` bytes are to come, a character that was begun is an error. */
  decode(bytes: Uint8Array, more: boolean): string {
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      if (this.#needed === 0) this.#begin(byte);
      // What does not go on the character that was begun is looked at again, as a beginning.
      else if (!this.#goOn(byte)) at -= 1;
    }
    if (!more && this.#needed > 0) this.#fail();
    return this.#units.take();
  }

  #begin(byte: number): void {
    if (byte < 0x80) return this.#units.push(byte);
    if (byte < 0xc2 || byte > 0xf4) return this.#fail();
    this.#needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.#code = byte & (0x3f >> this.#needed);
    // No overlong forms, no surrogates, nothing beyond U+10FFFF.
    if (byte === 0xe0) this.#lower = 0xa0;
    if (byte === 0xed) this.#upper = 0x9f;
    if (byte === 0xf0) this.#lower = 0x90;
    if (byte === 0xf4) this.#upper = 0x8f;
  }

  #goOn(byte: number): boolean {
    if (byte < this.#lower || byte > this.#upper) {
      this.#fail();
      return false;
    }
    this.#lower = 0x80;
    this.#upper = 0xbf;
    this.#code = (this.#code << 6) | (byte & 0x3f);
    this.#needed -= 1;
    if (this.#needed === 0) this.#units.pushCodePoint(this.#code);
    return true;
  }

  #fail(): void {
    this.#needed = 0;
    this.#lower = 0x80;
    this.#upper = 0xbf;
    if (!this.#fatal) return this.#units.push(REPLACEMENT);
    this.#units.take();
    throw new TypeError('the encoded data was not valid for encoding utf-8');
  }
}
