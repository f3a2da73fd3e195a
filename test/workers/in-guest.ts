import assert from 'node:assert/strict';
import { call, guest, startPool } from '../pool/support.ts';

// biome-ignore lint/complexity/noBannedTypes: any function whose text stands for itself.
type SelfContained = Function;

/** Runs functions that use nothing around them in an isolate, by their text. */
export function startGuest(): {
  /** Resolves to what the function returns there. */
  inGuest(fn: SelfContained, ...args: readonly unknown[]): Promise<unknown>;
  /** Calls it there and here, where Node's own globals are, and compares. */
  assertSameAsNode(fn: SelfContained, ...args: readonly unknown[]): Promise<void>;
} {
  const pool = startPool();
  const inGuest = (fn: SelfContained, ...args: readonly unknown[]): Promise<unknown> =>
    call(pool, guest('inGuest', String(fn)), args);
  return {
    inGuest,
    async assertSameAsNode(fn, ...args) {
      assert.deepStrictEqual(await inGuest(fn, ...args), await fn(...args));
    },
  };
}
