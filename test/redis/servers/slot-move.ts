import type { RedisServer } from './server.ts';

interface SlotMove {
  readonly slot: number;
  readonly nodes: readonly RedisServer[];
  readonly source: RedisServer;
  readonly target: RedisServer;
  readonly pauseHalfway?: (() => Promise<void>) | undefined;
}

/** Does what `redis-cli --cluster reshard` does for one slot. */
export async function moveSlot(move: SlotMove): Promise<void> {
  const { slot, nodes, source, target, pauseHalfway } = move;
  if (source === target) return;
  const targetId = await idOf(target);
  await setSlot(target, slot, 'IMPORTING', await idOf(source));
  await setSlot(source, slot, 'MIGRATING', targetId);
  const keys = await keysOf(source, slot);
  const half = keys.length >> 1;
  await moveKeys(move, keys.slice(0, half));
  await pauseHalfway?.();
  await moveKeys(move, keys.slice(half));
  // A client may still have written keys that were not there at first.
  for (let rest = await keysOf(source, slot); rest.length > 0; rest = await keysOf(source, slot)) {
    await moveKeys(move, rest);
  }
  // The target first: if the source gave the slot away before, nobody would have it for a while.
  const others = nodes.filter((node) => node !== source && node !== target);
  for (const node of [target, source, ...others]) await setSlot(node, slot, 'NODE', targetId);
}

async function setSlot(
  node: RedisServer,
  slot: number,
  state: 'IMPORTING' | 'MIGRATING' | 'NODE',
  id: string,
): Promise<void> {
  await node.command('CLUSTER', 'SETSLOT', String(slot), state, id);
}

async function idOf(node: RedisServer): Promise<string> {
  return String(await node.command('CLUSTER', 'MYID'));
}

async function keysOf(node: RedisServer, slot: number): Promise<string[]> {
  const keys = await node.command('CLUSTER', 'GETKEYSINSLOT', String(slot), '1000000');
  return [keys].flat().map(String);
}

async function moveKeys({ source, target }: SlotMove, keys: readonly string[]): Promise<void> {
  const to = ['127.0.0.1', String(target.port)];
  for (const key of keys) await source.command('MIGRATE', ...to, key, '0', '10000');
}
