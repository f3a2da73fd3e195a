/** Compiled by `npm run types`, never run: what must be an error has a line that expects one. */
import { get, push, type Tracked, track, type VersionInfo } from '../../src/index.ts';
import { holds, type Same } from './typed.ts';

interface Order {
  readonly id: number;
  readonly items: readonly string[];
}
const price = (amount: number, currency = 'EUR', ...notes: string[]): string =>
  `${amount} ${currency} ${notes.join()}`;
const load = async (id: number, deep?: boolean): Promise<Order> => ({ id, items: [`${deep}`] });
const nothing = (): void => undefined;
function total({ items }: Order): number {
  return items.length;
}

export async function tracks(): Promise<void> {
  const tracked = track(price);
  holds<Same<ReturnType<typeof tracked>, string>>();
  holds<Same<Parameters<typeof tracked>, Parameters<typeof price>>>();
  tracked(1);
  tracked(1, 'USD', 'a', 'b');
  // @ts-expect-error an argument is missing
  tracked();
  // @ts-expect-error an argument is of another type
  tracked('1');
  // @ts-expect-error a rest argument is of another type
  tracked(1, 'USD', 2);
  // @ts-expect-error the result is a string
  const wrong: number = tracked(1);
  holds<Same<typeof tracked.version, number | undefined>>();
  holds<Same<typeof tracked.name, string>>();
  // @ts-expect-error it cannot be renamed
  tracked.name = 'another';
  // @ts-expect-error an option that is not one
  track(price, { nam: 'price' });
  // @ts-expect-error not a function
  track(5);
  const given: Tracked<typeof price> = track(price, { name: 'price' });
  // @ts-expect-error another function
  const other: Tracked<typeof total> = given;
  return void [wrong, other];
}

export async function pushes(): Promise<void> {
  const tracked = track(total);
  holds<Same<Awaited<ReturnType<typeof tracked.push>>, VersionInfo>>();
  await tracked.push({ updateExisting: false, message: 'why', expectLatest: 3 });
  // @ts-expect-error a message is a text
  await tracked.push({ message: 5 });
  // @ts-expect-error an option that is not one
  await tracked.push({ force: true });
  const infos: VersionInfo[] = await push([tracked, track(price), track(load)]);
  // @ts-expect-error a function that is not tracked
  await push([total]);
  // @ts-expect-error one function is a list of one
  await push(tracked);
  return void infos;
}

export async function gets(): Promise<void> {
  const remote = await get(track(price));
  holds<Same<ReturnType<typeof remote>, Promise<string>>>();
  holds<Same<Parameters<typeof remote>, Parameters<typeof price>>>();
  await remote(1);
  await remote(1, 'USD', 'a');
  // @ts-expect-error an argument is missing
  await remote();
  // @ts-expect-error an argument is of another type
  await remote('1');
  // @ts-expect-error the second argument is of another type
  await remote(1, 2);
  // @ts-expect-error a rest argument is of another type
  await remote(1, 'USD', 3);
  // @ts-expect-error the result is a string
  const wrong: number = await remote(1);
  // @ts-expect-error the result is a promise
  const now: string = remote(1);
  return void [wrong, now];
}

export async function getsAsynchronous(): Promise<void> {
  const remote = await get(track(load));
  holds<Same<ReturnType<typeof remote>, Promise<Order>>>();
  const { items } = await remote(1, true);
  holds<Same<typeof items, readonly string[]>>();
  await remote(1);
  await remote(1, undefined);
  // @ts-expect-error the optional argument is of another type
  await remote(1, 'deep');
  // @ts-expect-error there are no more arguments
  await remote(1, true, 2);
  // @ts-expect-error there is no such property
  void (await remote(1)).missing;
  const silent = await get(track(nothing));
  holds<Same<ReturnType<typeof silent>, Promise<void>>>();
  // @ts-expect-error it takes no argument
  await silent(1);
}

export async function getsByObjects(): Promise<void> {
  const remote = await get(track(total));
  await remote({ id: 1, items: ['a'] });
  // @ts-expect-error a property is missing
  await remote({ id: 1 });
  // @ts-expect-error a property is of another type
  await remote({ id: '1', items: [] });
  // @ts-expect-error a property too many
  await remote({ id: 1, items: [], more: 1 });
}
