/** Compiled by `npm run types`, never run: what must be an error has a line that expects one. */
import { createScatter, get, type ScatterFunction, track } from '../../src/index.ts';
import { holds, type Same, some } from './typed.ts';

type Price = (amount: number, currency?: string) => string;
type Load = (id: number) => Promise<{ readonly id: number }>;

export async function getsByName(): Promise<void> {
  const price = await get<Price>('price@stable');
  holds<Same<typeof price, ScatterFunction<Price>>>();
  const text: string = await price(1, 'EUR');
  // @ts-expect-error an argument is of another type
  await price('1');
  const untyped = await get('price');
  const unknown: unknown = await untyped(1, 'two', { three: 3 });
  // @ts-expect-error nobody said what it gives
  const known: string = await untyped(1);
  // @ts-expect-error not a function type
  await get<string>('price');
  // @ts-expect-error a reference is a text
  await get(5);
  // @ts-expect-error a plain function is not tracked
  await get((x: number) => x);
  return void [text, unknown, known];
}

export async function givesOptions(): Promise<void> {
  await get<Price>('price', { limits: { timeoutMs: 10 }, autoUpdate: false, trusted: true });
  // @ts-expect-error a limit is a number
  await get<Price>('price', { limits: { timeoutMs: '10' } });
  // @ts-expect-error a limit that is not one
  await get<Price>('price', { limits: { timeout: 10 } });
  // @ts-expect-error an option that is not one
  await get<Price>('price', { pinned: true });
}

export async function callsWith(): Promise<void> {
  const price = await get<Price>('price');
  const { signal } = new AbortController();
  const tenant = price.with({ partition: 'a', limits: { cpuMs: 5 }, signal });
  holds<Same<typeof tenant, ScatterFunction<Price>>>();
  await tenant(1);
  // @ts-expect-error with() keeps the types of the arguments
  await tenant('1');
  // @ts-expect-error a partition is a text
  price.with({ partition: 1 });
  // @ts-expect-error an option that is not one
  price.with({ tenant: 'a' });
  price.with({ onLog: (line) => holds<Same<typeof line.text, string>>() });
}

export async function callsAtOnce(): Promise<void> {
  const price = await get<Price>('price', { trusted: true });
  const text: string = price.callSync(1, 'EUR');
  // @ts-expect-error an argument is of another type
  price.callSync('1');
  // @ts-expect-error the result is no promise
  price.callSync(1).then(String);
  const load = await get<Load>('load', { trusted: true });
  holds<Same<ReturnType<typeof load.callSync>, Promise<{ readonly id: number }>>>();
  return void text;
}

export async function asksHandles(): Promise<void> {
  const price = await get<Price>('price');
  holds<Same<typeof price.version, number>>();
  holds<Same<typeof price.pinned, boolean>>();
  holds<Same<typeof price.requires, readonly string[]>>();
  // @ts-expect-error a handle's version is moved by pull() and its like
  price.version = 3;
  await price.pull('stable');
  await price.pull(3);
  // @ts-expect-error neither a version nor an alias
  await price.pull(true);
  // @ts-expect-error a version is a number
  await price.moveAll('3');
  await price.delete({ olderThan: 2 });
  // @ts-expect-error an option that is not one
  await price.delete({ newerThan: 2 });
  price.on('swap', (event) => void event);
  // @ts-expect-error an event that is not one
  price.on('swapped', () => undefined);
}

export async function passesHandles(): Promise<void> {
  const load = some<ScatterFunction<Load>>();
  const asFunction: (id: number) => Promise<{ readonly id: number }> = load;
  // @ts-expect-error its argument is a number
  const wrongArgument: (id: string) => Promise<{ readonly id: number }> = load;
  // @ts-expect-error its result is an object
  const wrongResult: (id: number) => Promise<string> = load;
  const outer = track(async (id: number) => (await load(id)).id, { name: 'outer' });
  holds<Same<ReturnType<typeof outer>, Promise<number>>>();
  const remote = await get(outer);
  holds<Same<ReturnType<typeof remote>, Promise<number>>>();
  return void [asFunction, wrongArgument, wrongResult];
}

export async function usesInstances(): Promise<void> {
  const scatter = createScatter({ url: 'memory:', pool: { threads: 1 } });
  const remote = await scatter.get(scatter.track((a: number, ...b: boolean[]) => [a, ...b]));
  holds<Same<ReturnType<typeof remote>, Promise<(number | boolean)[]>>>();
  await remote(1, true, false);
  // @ts-expect-error a rest argument is of another type
  await remote(1, true, 'false');
  // @ts-expect-error an option that is not one
  createScatter({ urls: 'memory:' });
  // @ts-expect-error threads are counted
  createScatter({ pool: { threads: 'two' } });
}
