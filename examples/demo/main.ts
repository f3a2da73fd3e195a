/**
 * `npm run demo`: two programs serve calls of a function under load while a third one changes that
 * function three times in the registry and goes back. No call may be lost. `-- --url sqlite:PATH` or
 * `redis://HOST` uses a registry of yours in place of a temporary one, in a namespace of its own, of
 * which the log stays.
 */
import { randomUUID } from 'node:crypto';
import { parseRegistryUrl, shownUrl, withRegistry } from '../temporary-registry.ts';
import { type Change, summarise, tell } from './account.ts';
import { Cast } from './cast.ts';
import { playStory } from './story.ts';

class Interrupted extends Error {}

try {
  process.exitCode = await withRegistry(parseRegistryUrl(), runDemo);
} catch (error) {
  console.error(`the demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** @returns the exit code */
async function runDemo(url: string): Promise<number> {
  const namespace = `demo-${randomUUID().slice(0, 8)}`;
  tell('demo', 'starts three programs', `${shownUrl(url)}, namespace ${namespace}`);
  const cast = new Cast({ url, namespace });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => cast.end(new Interrupted(`stopped by ${signal}`)));
  }
  const changes: Change[] = [];
  try {
    await playStory(cast, changes);
  } catch (error) {
    cast.end(error instanceof Error ? error : new Error(String(error)));
  }
  tell('demo', 'stops, running calls finish');
  await cast.stop();
  return conclude(cast, changes);
}

function conclude(cast: Cast, changes: readonly Change[]): number {
  const { endedBy } = cast;
  // Ctrl-C reaches the guests' processes too, so that calls are cut off which are not lost by us.
  if (endedBy instanceof Interrupted) {
    console.log(`${endedBy.message}; nothing is left running`);
    return 130;
  }
  const lost = summarise(cast.servers, changes);
  if (endedBy === undefined) {
    console.log(`lost: ${lost}`);
    return lost === 0 ? 0 : 1;
  }
  console.log(`lost: at least ${lost}, as the demo did not get to its end`);
  console.error(`the demo failed: ${endedBy instanceof Error ? endedBy.message : String(endedBy)}`);
  return 1;
}
