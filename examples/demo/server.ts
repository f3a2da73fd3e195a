/** A program that serves calls. It knows the function by its name only, and is never restarted. */
// Users write 'scatter-fn' here.
import { cleanup, get, init } from '../../src/index.ts';
import { registryArguments, report, runProgram } from './child.ts';
import { Load } from './load.ts';
import type { Price } from './pricing.ts';

const TALLY_EVERY_MS = 100;

let load: Load | undefined;
let isStopping = false;
let ticking: NodeJS.Timeout | undefined;

await runProgram({
  // Two threads are plenty for this load, whatever the machine has.
  start: () => init({ ...registryArguments(), pool: { threads: 2 } }),
  follow: async (order) => {
    if (order.order === 'start') await serve();
  },
  stop,
});

async function serve(): Promise<void> {
  const price = await get<Price>('price');
  // Ctrl-C may have come meanwhile.
  if (isStopping) return;
  const running = new Load(price, (version, at) => report({ event: 'serving', version, at }));
  load = running;
  running.start();
  ticking = setInterval(() => report({ event: 'tally', tally: running.tally }), TALLY_EVERY_MS);
}

async function stop(): Promise<void> {
  isStopping = true;
  clearInterval(ticking);
  await load?.stop();
  if (load !== undefined) report({ event: 'tally', tally: load.tally });
  await cleanup();
}
