import type { Basket } from './pricing.ts';

const COUNTRIES = ['DE', 'FR', 'HU', 'CH', 'US', 'XX'];
const COUPONS = ['SPRING', 'FRIEND', 'EXPIRED'];

/** The basket of the call with this number: always the same one, and seldom one seen before. */
export function basketOf(call: number): Basket {
  const coupon = COUPONS[call % 5];
  return {
    country: COUNTRIES[call % COUNTRIES.length] ?? 'DE',
    ...(coupon !== undefined && { coupon }),
    items: Array.from({ length: 1 + (call % 7) }, (_, index) => ({
      cents: 99 + ((call * 7919 + index * 104_729) % 20_000),
      pieces: 1 + ((call + index * 3) % 14),
    })),
  };
}
