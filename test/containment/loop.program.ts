/** Calls a function that hangs, and tells the id of its executor once the function has begun. */
import { createScatter } from '../../src/index.ts';

const [, , body = ''] = process.argv;
const scatter = createScatter({
  url: 'memory:',
  pool: { threads: 2 },
  limits: { cpuMs: 600_000, timeoutMs: 600_000 },
});
const fn = await scatter.load(
  `export default async () => {
    console.log('begun');
    await new Promise((done) => setTimeout(done, 1));
    ${body}
  };`,
);
const { pids } = await scatter.stats();
await fn.with({ onLog: () => process.stdout.write(`${pids.join()}\n`) })();
