/**
 * The function that the demo serves, in the editions that are pushed one after the other. Each uses
 * a helper and tables of this file; they travel with it.
 */

export interface Basket {
  readonly country: string;
  readonly coupon?: string;
  readonly items: readonly { readonly cents: number; readonly pieces: number }[];
}

export interface Quote {
  /** Which edition of the rule gave this quote. */
  readonly version: number;
  readonly netCents: number;
  readonly discountCents: number;
  readonly taxCents: number;
  readonly totalCents: number;
}

export type Price = (basket: Basket) => Quote;

const TAX_PERCENT: Readonly<Record<string, number>> = { DE: 19, FR: 20, HU: 27, CH: 8.1, US: 0 };
const COUPON_PERCENT: ReadonlyMap<string, number> = new Map([
  ['SPRING', 5],
  ['FRIEND', 12.5],
]);
const PIECES_FOR_DISCOUNT = 10;
const CENTS_FOR_DISCOUNT = 50_000;

/** Version 1: a tenth off every item of which somebody takes ten or more. */
export function priceByPieces(basket: Basket): Quote {
  let discount = 0;
  for (const { cents, pieces } of basket.items) {
    if (pieces >= PIECES_FOR_DISCOUNT) discount += percentOf(cents * pieces, 10);
  }
  return quote(1, basket, discount);
}

/** Version 2: 15 percent off what the basket is worth above 500. */
export function priceByValue(basket: Basket): Quote {
  const above = Math.max(0, worthOf(basket) - CENTS_FOR_DISCOUNT);
  return quote(2, basket, percentOf(above, 15));
}

/** Version 3: a mistake that nobody noticed before it was pushed. */
export function priceMistaken(basket: Basket): Quote {
  throw new RangeError(`no discount rule for a basket of ${basket.items.length} items`);
}

function quote(version: number, basket: Basket, quantityDiscount: number): Quote {
  const worth = worthOf(basket);
  const coupon = COUPON_PERCENT.get(basket.coupon ?? '') ?? 0;
  const discountCents = quantityDiscount + percentOf(worth - quantityDiscount, coupon);
  const netCents = worth - discountCents;
  const taxCents = percentOf(netCents, TAX_PERCENT[basket.country] ?? 0);
  return { version, netCents, discountCents, taxCents, totalCents: netCents + taxCents };
}

function worthOf(basket: Basket): number {
  return basket.items.reduce((sum, { cents, pieces }) => sum + cents * pieces, 0);
}

function percentOf(cents: number, percent: number): number {
  return Math.round((cents * percent) / 100);
}
