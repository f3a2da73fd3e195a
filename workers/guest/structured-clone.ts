/** The guest's `structuredClone`. A transfer list must be absent or empty. */
export function structuredClone(value: unknown, options?: unknown): unknown {
  throw new Error(`not yet: ${String(value)} ${String(options)}`);
}
