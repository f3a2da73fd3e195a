import { ScatterError } from '../errors.ts';

/** What one call may use. Every field is an upper bound. */
export interface Limits {
  /** Longest uninterrupted run inside the isolate, and their sum for the call, in ms. @default 1000 */
  readonly cpuMs: number;
  /** Wall time of a call, waiting included, in ms. @default 30000 */
  readonly timeoutMs: number;
  /** Heap of the isolate, in MB (at least 8). @default 64 */
  readonly memoryMb: number;
  /** Encoded arguments, in bytes. @default 8 MiB */
  readonly maxArgumentBytes: number;
  /** Encoded result, in bytes. @default 8 MiB */
  readonly maxResultBytes: number;
  /** Console output of one call, in bytes. @default 64 KiB */
  readonly maxLogBytes: number;
  /** Calls in flight of one function and partition; more wait. @default 256 */
  readonly maxConcurrency: number;
  /** A new isolate for every call. @default false */
  readonly freshIsolate: boolean;
}

export const DEFAULT_LIMITS: Limits = {
  cpuMs: 1000,
  timeoutMs: 30_000,
  memoryMb: 64,
  maxArgumentBytes: 8 * 1024 * 1024,
  maxResultBytes: 8 * 1024 * 1024,
  maxLogBytes: 64 * 1024,
  maxConcurrency: 256,
  freshIsolate: false,
};

// isolated-vm refuses heaps below 8 MB; a timer of more than 2^31 - 1 ms fires at once.
const LOWEST: Partial<Record<keyof Limits, number>> = { memoryMb: 8 };
const HIGHEST = 2 ** 31 - 1;

/**
 * Lays `limits` over `base`; of two numbers the lower wins, and a fresh isolate wins over a shared
 * one.
 *
 * @throws ScatterError `CONFIG_INVALID` for an unknown field or a value that is no limit
 */
export function tightenLimits(base: Limits, limits: Partial<Limits> = {}): Limits {
  const checked = checkLimits(limits);
  const result: Record<string, number | boolean> = { ...base };
  for (const [field, value] of Object.entries(checked)) {
    const before = result[field];
    result[field] =
      typeof value === 'number' && typeof before === 'number'
        ? Math.min(before, value)
        : value === true || before === true;
  }
  return result as unknown as Limits;
}

/** Replaces defaults by the given limits, higher or lower: what an instance's options do. */
export function replaceLimits(base: Limits, limits: Partial<Limits> = {}): Limits {
  return { ...base, ...checkLimits(limits) };
}

function checkLimits(limits: Partial<Limits>): Partial<Limits> {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  for (const [field, value] of given) checkLimit(field, value);
  return Object.fromEntries(given);
}

function checkLimit(field: string, value: unknown): void {
  if (!(field in DEFAULT_LIMITS)) {
    throw new ScatterError(
      'SCATTER_ERR_CONFIG_INVALID',
      `limits.${field} is not a limit; there are ${Object.keys(DEFAULT_LIMITS).join(', ')}`,
    );
  }
  if (field === 'freshIsolate') {
    if (typeof value === 'boolean') return;
    throw new ScatterError('SCATTER_ERR_CONFIG_INVALID', `limits.${field} must be true or false`);
  }
  const lowest = LOWEST[field as keyof Limits] ?? 1;
  if (typeof value === 'number' && value >= lowest && value <= HIGHEST) return;
  throw new ScatterError(
    'SCATTER_ERR_CONFIG_INVALID',
    `limits.${field} is ${String(value)}; it must be a number from ${lowest} to ${HIGHEST}`,
  );
}
