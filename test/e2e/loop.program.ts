/**
 * Serves `superFunc` of the registry at PATH. For each line of input, which is a reference, prints what
 * the function gives as a JSON line; for `superFunc`, the handle that follows serves it, once it has
 * come to the version that the line names after a blank.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createScatter } from '../../src/index.ts';

const scatter = createScatter({ url: `sqlite:${process.argv[2]}`, pool: { threads: 1 } });
const input = createInterface({ input: process.stdin });
let following: Promise<Awaited<ReturnType<typeof open>>> | undefined;

for await (const line of input) {
  const [reference = '', version] = line.split(' ');
  const fn = version === undefined ? await open(reference) : await followTo(Number(version));
  process.stdout.write(`${JSON.stringify({ version: fn.version, result: await fn() })}\n`);
}
await scatter.close();

function open(reference: string) {
  return scatter.get<() => string>(reference);
}

async function followTo(version: number) {
  following ??= open('superFunc');
  const fn = await following;
  const swapped = new EventTarget();
  const onSwap = (): boolean => swapped.dispatchEvent(new Event('swap'));
  fn.on('swap', onSwap);
  while (fn.version < version) await once(swapped, 'swap');
  fn.off('swap', onSwap);
  return fn;
}
