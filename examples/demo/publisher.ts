/** The program that pushes: it never talks to the servers, only to the registry. */
// Users write 'scatter-fn' here.
import { cleanup, init, track } from '../../src/index.ts';
import { registryArguments, report, runProgram } from './child.ts';
import { priceByPieces, priceByValue, priceMistaken } from './pricing.ts';
import { type Step, wallClock } from './reports.ts';

const tracked = {
  'version 1': track(priceByPieces, { name: 'price' }),
  'version 2': track(priceByValue, { name: 'price' }),
  'version 3': track(priceMistaken, { name: 'price' }),
};

await runProgram({
  start: () => init(registryArguments()),
  follow: async (order) => {
    if (order.order === 'publish') await publish(order.step);
  },
  stop,
});

async function publish(step: Step): Promise<void> {
  const startedAt = wallClock();
  const { version } =
    step === 'rollback'
      ? await tracked['version 1'].rollback()
      : await tracked[step].push({ message: `the demo's ${step}` });
  report({ event: 'published', version, startedAt, finishedAt: wallClock() });
}

async function stop(): Promise<void> {
  // Nothing of the demo stays in a registry that was there before.
  if (tracked['version 1'].version !== undefined) await tracked['version 1'].delete();
  await cleanup();
}
