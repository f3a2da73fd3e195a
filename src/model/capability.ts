import { inspect, isDeepStrictEqual } from 'node:util';
import { ScatterError } from '../errors.ts';
import { nameTrouble } from './function-name.ts';
import { matchesPattern } from './name-pattern.ts';

/** How far one capability may be used in one outermost call. */
export interface CapabilityLimits {
  /** Calls of it that guests may make within one outermost call. @default 1000 */
  readonly maxCalls: number;
  /** How long one call of it may take, in ms. @default 5000 */
  readonly timeoutMs: number;
}

/** Whom a factory makes an implementation for: the outermost call, which a host program made. */
export interface CapabilityCall {
  /** Name of the function that was called; empty in `withCapabilities`. */
  readonly function: string;
  /** Its version; 0 in `withCapabilities`. */
  readonly version: number;
  readonly partition: string;
  /** What `with({ context })` said. Guests never see it. */
  readonly context: unknown;
  /** Aborts when the call has ended or is aborted. */
  readonly signal: AbortSignal;
}

/** `T` with functions that may be synchronous where `T` has asynchronous ones. */
export type Implementation<T> =
  | T
  | (T extends (...args: infer A) => infer R
      ? (...args: A) => R | Awaited<R>
      : { readonly [K in keyof T]: Implementation<T[K]> });

/** Makes the implementation for one outermost call. */
export type CapabilityFactory<T> = (
  call: CapabilityCall,
) => Implementation<T> | Promise<Implementation<T>>;

/** A power of this program that functions may be given; `provide` makes them. */
export class Capability {
  readonly name: string;
  readonly limits: CapabilityLimits;
  /** An object of functions, or a factory of one. */
  readonly implementation: object;
  /** The only functions that cross, if it says which. */
  readonly methods: readonly string[] | undefined;
  /** Patterns of the names of the functions that may use it; undefined: all. */
  readonly allow: readonly string[] | undefined;

  constructor(o: {
    name: string;
    limits: CapabilityLimits;
    implementation: object;
    methods: readonly string[] | undefined;
    allow: readonly string[] | undefined;
  }) {
    this.name = o.name;
    this.limits = o.limits;
    this.implementation = o.implementation;
    this.methods = o.methods;
    this.allow = o.allow;
  }
}

/** Whether the function of that name may use it. */
export function allowsFunction({ allow }: Capability, name: string): boolean {
  return allow === undefined || allow.some((pattern) => matchesPattern(name, pattern));
}

/** Whether `other` is a capability too, and stands for the same thing in the same way. */
export function isSameCapability(one: Capability, other: unknown): boolean {
  if (!(other instanceof Capability)) return false;
  const { implementation, ...rest } = one;
  const { implementation: theirs, ...theirRest } = other;
  // By identity: two connections may look alike and lead to different places.
  return implementation === theirs && isDeepStrictEqual(rest, theirRest);
}

const DEFAULT_CAPABILITY_LIMITS: CapabilityLimits = { maxCalls: 1000, timeoutMs: 5000 };
// A timer of more than 2^31 - 1 ms fires at once.
const HIGHEST = 2 ** 31 - 1;

/** Limits with the defaults filled in. @throws ScatterError `CONFIG_INVALID` */
export function settleCapabilityLimits(given: Partial<CapabilityLimits> = {}): CapabilityLimits {
  const { maxCalls = DEFAULT_CAPABILITY_LIMITS.maxCalls } = given;
  const { timeoutMs = DEFAULT_CAPABILITY_LIMITS.timeoutMs } = given;
  for (const [option, value] of Object.entries({ maxCalls, timeoutMs })) {
    if (Number.isSafeInteger(value) && value >= 1 && value <= HIGHEST) continue;
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `${option} of a capability is ${String(value)}; it must be a whole number from 1 to ${HIGHEST}`,
    );
  }
  return { maxCalls, timeoutMs };
}

/**
 * Returns `name` if a capability may be called that: the rules are those for names of functions.
 *
 * @throws ScatterError `CONFIG_INVALID`
 */
export function checkCapabilityName(name: unknown): string {
  if (typeof name !== 'string') {
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `${inspect(name, { depth: 0 }).slice(0, 60)} cannot name a capability; pass a token that capability() made, or a name such as 'db'`,
    );
  }
  const trouble = nameTrouble(name);
  if (trouble === undefined) return name;
  throw new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `${JSON.stringify(name.slice(0, 60))} cannot name a capability: ${trouble}; choose another, such as 'db'`,
  );
}
