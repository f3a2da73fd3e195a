/** Tells of what is wrong with a cache, of each thing once. */
export class CacheTrouble {
  readonly #tell: (error: unknown, place: string) => void;
  readonly #told = new Set<string>();

  constructor(tell: (error: unknown, place: string) => void) {
    this.#tell = tell;
  }

  /** @param place a file, or a folder for what is wrong with all that is in it */
  tell(error: unknown, place: string): void {
    if (this.#told.has(place)) return;
    this.#told.add(place);
    this.#tell(error, place);
  }
}
