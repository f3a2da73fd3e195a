import { Isolate } from './isolate.ts';

// Long enough that making the next blank does not delay a burst of calls that has just begun.
const QUIET_MS = 20;

/** Isolates with nothing but the prelude in them, made ahead, because making one takes milliseconds. */
export class Blanks {
  readonly #prelude: string;
  readonly #memoryMb: number;
  readonly #count: number;
  readonly #ready: Isolate[] = [];
  #pending: NodeJS.Timeout | undefined;

  /** Keeps `count` isolates of `memoryMb` MB ready; others are made when asked for. */
  constructor(prelude: string, o: { memoryMb: number; count: number }) {
    this.#prelude = prelude;
    this.#memoryMb = o.memoryMb;
    this.#count = o.count;
    for (let made = 0; made < o.count; made += 1) this.#ready.push(this.#make(o.memoryMb));
  }

  take(memoryMb: number): Isolate {
    const blank = memoryMb === this.#memoryMb ? this.#ready.pop() : undefined;
    this.#refillLater();
    return blank ?? this.#make(memoryMb);
  }

  dispose(): void {
    clearTimeout(this.#pending);
    for (const isolate of this.#ready.splice(0)) isolate.dispose();
  }

  #make(memoryMb: number): Isolate {
    return new Isolate(memoryMb, this.#prelude);
  }

  #refillLater(): void {
    clearTimeout(this.#pending);
    this.#pending = setTimeout(() => {
      if (this.#ready.length < this.#count) this.#ready.push(this.#make(this.#memoryMb));
      if (this.#ready.length < this.#count) this.#refillLater();
    }, QUIET_MS);
  }
}
