/**
 * Serves the function `f` of the registry at PATH. Prints JSON lines. What it does is MODE:
 * - `load`: calls without a pause until the result is UNTIL, checks each result, and prints the calls
 * - `once`: calls it once, and ends by having nothing left to do
 * - `pending`: starts a call that waits a little and leaves it to itself
 * - `stay`: prints the ids of its executors and stays
 */
import { createScatter } from '../../src/index.ts';

const [path = '', mode = '', until = '0'] = process.argv.slice(2);
const scatter = createScatter({ url: `sqlite:${path}`, pool: { threads: 1 } });
const fn = await scatter.get('f');

if (mode === 'load') await load(Number(until));
if (mode === 'once') print({ result: await fn(1) });
if (mode === 'pending') {
  fn(1).then((result) => print({ result }));
}
if (mode === 'stay') {
  print({ pids: (await scatter.stats()).pids });
  setInterval(() => undefined, 60_000);
}

async function load(last: number): Promise<void> {
  print({ ready: fn.version });
  let calls = 0;
  let wrong = 0;
  let highest = 0;
  const worker = async (): Promise<void> => {
    while (highest < last) {
      const before = fn.version;
      const [version, argument] = (await fn(calls)) as [number, number];
      calls += 1;
      // It began after `before` was live and ended before what is live now was left.
      if (version < before || version > fn.version || typeof argument !== 'number') wrong += 1;
      highest = Math.max(highest, version);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  print({ calls, wrong, highest });
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
