/**
 * A generator of our own and not fast-check's: a frame comes from its seed and its number alone, so
 * that one of a million is made again by itself, and making one takes microseconds. Bytes that fail
 * need no shrinking: most are short.
 */
export class Random {
  #state: number;

  constructor(seed: number, frame: number) {
    this.#state = seed | 0;
    this.#state = this.next() ^ Math.imul(frame + 1, 0x9e3779b1);
    this.next();
  }

  /** 32 bits (splitmix32). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return (bits ^ (bits >>> 15)) >>> 0;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** A length: mostly short, at times anything up to `limit`. */
  length(limit: number): number {
    return this.below(1 + Math.min(limit, this.oneIn(8) ? limit : 6));
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at += 1) bytes[at] = this.next();
    return bytes;
  }
}
