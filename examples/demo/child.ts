import type { Order, Report } from './reports.ts';

/** Registry and namespace that the main program gave to this one; nothing is to be left behind. */
export function registryArguments(): { url: string; namespace: string; cacheDir: false } {
  const [url, namespace] = process.argv.slice(2);
  if (url !== undefined && namespace !== undefined) return { url, namespace, cacheDir: false };
  throw new Error('this program is a part of the demo; start all of it with `npm run demo`');
}

export function report(message: Report): void {
  // The main program may be gone already, which is not this program's trouble.
  if (process.connected) process.send?.(message, () => undefined);
}

/** Starts, then follows orders until there is one to stop, or nobody left to give any. */
export async function runProgram(program: {
  start: () => Promise<unknown>;
  follow: (order: Order) => Promise<void>;
  stop: () => Promise<void>;
}): Promise<void> {
  // Ctrl-C reaches all programs of a terminal; the main one tells this one what to do.
  process.on('SIGINT', () => undefined);
  const stop = async () => {
    process.off('disconnect', stop);
    await attempt(program.stop);
    if (process.connected) process.disconnect();
  };
  process.once('disconnect', stop);
  process.on('message', async (order: Order) => {
    if (order.order === 'stop') await stop();
    else await attempt(() => program.follow(order));
  });
  await attempt(async () => {
    await program.start();
    report({ event: 'ready' });
  });
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    report({ event: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
  }
}
