import type { CapabilityLimits } from './capability.ts';

/** What a token, or a member of one, stands for. */
export interface CapabilityToken {
  readonly name: string;
  readonly limits: CapabilityLimits;
  /** Keys from the capability to the member; none for the capability itself. */
  readonly path: readonly string[];
}

// A token answers every question with another member: what it is can only be told by identity.
const tokens = new WeakMap<object, CapabilityToken>();

export function markToken(object: object, token: CapabilityToken): void {
  tokens.set(object, token);
}

/** What `value` stands for, if `capability()` made it. */
export function tokenOf(value: unknown): CapabilityToken | undefined {
  const isObject = typeof value === 'function' || (typeof value === 'object' && value !== null);
  return isObject ? tokens.get(value) : undefined;
}
