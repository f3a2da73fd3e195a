/**
 * Many instances that follow one function: `URL COUNT`. They run nothing, so that hundreds fit on a
 * machine. Tells its parent when all have the function, and then each time all have another version.
 */
import { createScatter, type Scatter, type ScatterFunction } from '../../src/index.ts';
import { type AllAt, FOLLOWED } from './subscribers.ts';

const [url = '', count = '1'] = process.argv.slice(2);
const instances = Array.from({ length: Number(count) }, () =>
  createScatter({ url, isolation: 'none', cacheDir: false }),
);
const arrivals = new Map<number, number[]>();
await Promise.all(instances.map(follow));
// The channel keeps the program alive until its parent goes.
process.on('disconnect', () => Promise.all(instances.map((instance) => instance.close())));

async function follow(instance: Scatter): Promise<void> {
  const fn: ScatterFunction = await instance.get(FOLLOWED);
  arrived(fn.version);
  fn.on('swap', ({ to }) => arrived(to));
}

function arrived(version: number): void {
  const at = [...(arrivals.get(version) ?? []), performance.timeOrigin + performance.now()];
  arrivals.set(version, at);
  const all: AllAt = { version, at };
  if (at.length === instances.length) process.send?.(all);
}
