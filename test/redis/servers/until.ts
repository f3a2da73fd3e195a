import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again every few milliseconds until the condition gives something other than undefined.
 *
 * @param what is awaited; as a function, what it is by the time that is over
 */
export async function until<T>(
  what: string | (() => string),
  condition: () => Promise<T | undefined> | T | undefined,
  { withinMs = 30_000, everyMs = 5 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await condition();
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      const awaited = typeof what === 'string' ? what : what();
      throw new Error(`${awaited}: not within ${withinMs} ms`);
    }
    await delay(everyMs);
  }
}
