import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
// Users write 'scatter-fn' here.
import { isScatterError, type ScatterFunction } from '../../src/index.ts';
import { basketOf } from './baskets.ts';
import {
  type Basket,
  type Price,
  priceByPieces,
  priceByValue,
  priceMistaken,
  type Quote,
} from './pricing.ts';
import { type Tally, wallClock } from './reports.ts';

const CALLS_AT_ONCE = 8;
const PAUSE_MS = 20;
const MOST_CALLS = 50_000;
const LONGEST_WAIT_MS = 5_000;
const TROUBLES_KEPT = 5;

/** What the versions must answer is what the plain functions do when they are called directly. */
const PLAIN: Readonly<Record<number, Price>> = {
  1: priceByPieces,
  2: priceByValue,
  3: priceMistaken,
};

type Outcome = { readonly quote: Quote } | { readonly error: unknown };

/** Keeps a few calls going and checks every answer. */
export class Load {
  readonly #price: ScatterFunction<Price>;
  readonly #onServing: (version: number, at: number) => void;
  readonly #right: Record<number, number> = {};
  readonly #troubles: string[] = [];
  #calls = 0;
  #wrong = 0;
  #slowestMs = 0;
  #isStopping = false;
  /** Swaps so far, and the one of which an answer was seen last. */
  #swaps = 0;
  #servedSwap = -1;
  #running: Promise<unknown> = Promise.resolve();

  /** `onServing` hears of the first answer of each version that the function is swapped to. */
  constructor(price: ScatterFunction<Price>, onServing: (version: number, at: number) => void) {
    this.#price = price;
    this.#onServing = onServing;
    price.on('swap', () => {
      this.#swaps += 1;
    });
  }

  get tally(): Tally {
    return {
      calls: this.#calls,
      right: { ...this.#right },
      wrong: this.#wrong,
      slowestMs: this.#slowestMs,
      troubles: [...this.#troubles],
    };
  }

  start(): void {
    this.#running = Promise.all(Array.from({ length: CALLS_AT_ONCE }, () => this.#keepCalling()));
  }

  /** Begins no more calls and waits for those that run; one that never settles stays in the tally. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    // The channel to the main program keeps this one alive, so that the timer need not.
    await Promise.race([this.#running, pause(LONGEST_WAIT_MS, undefined, { ref: false })]);
  }

  async #keepCalling(): Promise<void> {
    while (!this.#isStopping && this.#calls < MOST_CALLS) {
      await this.#callOnce();
      await pause(PAUSE_MS);
    }
  }

  async #callOnce(): Promise<void> {
    const basket = basketOf(this.#calls);
    const { version } = this.#price;
    const swap = this.#swaps;
    this.#calls += 1;
    const startedAt = performance.now();
    const outcome = await this.#outcomeOf(basket);
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - startedAt);
    const trouble = troubleWith(outcome, version, basket);
    if (trouble === undefined) this.#countRight(version, swap);
    else this.#countWrong(`version ${version}: ${trouble}`);
  }

  async #outcomeOf(basket: Basket): Promise<Outcome> {
    try {
      return { quote: await this.#price(basket) };
    } catch (error) {
      return { error };
    }
  }

  #countRight(version: number, swap: number): void {
    this.#right[version] = (this.#right[version] ?? 0) + 1;
    // A call from before the swap finishes on the version before it, so it says nothing here.
    if (swap !== this.#swaps || this.#servedSwap === swap) return;
    this.#servedSwap = swap;
    this.#onServing(version, wallClock());
  }

  #countWrong(trouble: string): void {
    this.#wrong += 1;
    if (this.#troubles.length < TROUBLES_KEPT) this.#troubles.push(trouble);
  }
}

/** What is wrong with the answer to a call that began on `version`; undefined: nothing. */
function troubleWith(outcome: Outcome, version: number, basket: Basket): string | undefined {
  const plain = PLAIN[version];
  if (plain === undefined) return 'there is no such version in this demo';
  const expected = plainOutcome(plain, basket);
  if ('error' in expected) return troubleWithError(outcome, expected.error, version);
  if ('error' in outcome) return String(outcome.error);
  if (isDeepStrictEqual(outcome.quote, expected.quote)) return undefined;
  return `gave ${JSON.stringify(outcome.quote)} for ${JSON.stringify(expected.quote)}`;
}

function plainOutcome(plain: Price, basket: Basket): Outcome {
  try {
    return { quote: plain(basket) };
  } catch (error) {
    return { error };
  }
}

/** A version that throws must have thrown the same error, and be named as the one that did. */
function troubleWithError(outcome: Outcome, expected: unknown, version: number) {
  if ('quote' in outcome) return `gave ${JSON.stringify(outcome.quote)} where it must throw`;
  const { error } = outcome;
  const isItsOwn =
    expected instanceof Error &&
    isScatterError(error, 'SCATTER_ERR_GUEST_THREW') &&
    error.version === version &&
    error.guest?.name === expected.name &&
    error.guest.message === expected.message;
  return isItsOwn ? undefined : String(error);
}
