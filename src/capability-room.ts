/** What all the values that are on their way through the capabilities of one instance may weigh. */
export const INSTANCE_BYTES = 256 * 1024 * 1024;
/** The same for those of one outermost call, so that no call has all of it. */
export const CALL_BYTES = 64 * 1024 * 1024;

/** Gives back what was taken; more than once is as once. */
export type Release = () => void;

/** Room for values that are on their way, by their weight in bytes. */
export class CapabilityRoom {
  readonly #size: number;
  readonly #outer: CapabilityRoom | undefined;
  #taken = 0;

  private constructor(size: number, outer?: CapabilityRoom) {
    this.#size = size;
    this.#outer = outer;
  }

  static ofInstance(): CapabilityRoom {
    return new CapabilityRoom(INSTANCE_BYTES);
  }

  /** What one outermost call has of this. */
  ofCall(): CapabilityRoom {
    return new CapabilityRoom(CALL_BYTES, this);
  }

  /** Whether there is room; for a single value, however large, there always is. */
  fits(weight: number): boolean {
    if (this.#taken > 0 && this.#taken + weight > this.#size) return false;
    return this.#outer?.fits(weight) ?? true;
  }

  /** Undefined if there is no room. */
  take(weight: number): Release | undefined {
    if (!this.fits(weight)) return undefined;
    const outer = this.#outer?.take(weight);
    this.#taken += weight;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#taken -= weight;
      outer?.();
    };
  }
}

// A promise that nothing can settle any more is collected, and what waited for it with it.
const forgotten = new FinalizationRegistry((release: Release) => release());

/** Gives back once `working` has settled, or can no longer settle. */
export function releaseAfter(working: Promise<unknown>, release: Release): void {
  forgotten.register(working, release, release);
  const settled = (): void => {
    forgotten.unregister(release);
    release();
  };
  working.then(settled, settled);
}
