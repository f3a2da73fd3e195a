import { type RedisServer, startRedis } from './server.ts';
import { moveSlot } from './slot-move.ts';
import { until } from './until.ts';

const SLOTS = 16_384;
const COUNT = 3;

export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[];
  readonly urls: readonly string[];
  keySlot(key: string): Promise<number>;
  /** The index of the node that has the key's slot. */
  slotOwner(key: string): Promise<number>;
  /**
   * Moves a slot with its keys to another node, the next one unless told. The function is called
   * when about half of the keys are there; what it waits for stays half moved.
   */
  moveSlot(
    slot: number,
    options?: { readonly to?: number; readonly pauseHalfway?: () => Promise<void> },
  ): Promise<void>;
  stop(): Promise<void>;
}

/** Three masters which share all slots. */
export async function startCluster(): Promise<RedisCluster> {
  await using started = new AsyncDisposableStack();
  const config = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '1500' };
  const start = async (): Promise<RedisServer> => started.use(await startRedis({ config }));
  const nodes = await Promise.all(Array.from({ length: COUNT }, start));
  await Promise.all(nodes.map(assignSlots));
  await joinAll(nodes);
  const all = started.move();
  const stop = (): Promise<void> => all.disposeAsync();
  const keySlot = async (key: string): Promise<number> =>
    Number(await nodeAt(nodes, 0).command('CLUSTER', 'KEYSLOT', key));
  return {
    nodes,
    urls: nodes.map((node) => node.url),
    keySlot,
    slotOwner: async (key) => ownerOf(nodes, await keySlot(key)),
    async moveSlot(slot, { to, pauseHalfway } = {}) {
      const owner = await ownerOf(nodes, slot);
      const target = nodeAt(nodes, to ?? (owner + 1) % COUNT);
      await moveSlot({ slot, nodes, source: nodeAt(nodes, owner), target, pauseHalfway });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function assignSlots(node: RedisServer, index: number): Promise<void> {
  // Nodes that join with equal epochs would first have to settle on different ones.
  await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
  const from = Math.floor((SLOTS * index) / COUNT);
  const to = Math.floor((SLOTS * (index + 1)) / COUNT);
  const slots = Array.from({ length: to - from }, (_, offset) => String(from + offset));
  await node.command('CLUSTER', 'ADDSLOTS', ...slots);
}

async function joinAll(nodes: readonly RedisServer[]): Promise<void> {
  const [first, ...others] = nodes;
  for (const { port } of others) {
    await first?.command('CLUSTER', 'MEET', '127.0.0.1', String(port));
  }
  for (const node of nodes) await until('a joined cluster', () => hasJoined(node));
}

async function hasJoined(node: RedisServer): Promise<true | undefined> {
  const info = String(await node.command('CLUSTER', 'INFO'));
  const isWhole = info.includes(`cluster_known_nodes:${COUNT}\r\n`);
  return (isWhole && info.includes('cluster_state:ok\r\n')) || undefined;
}

/** Asks all: only the owner of a slot is sure to know. */
async function ownerOf(nodes: readonly RedisServer[], slot: number): Promise<number> {
  return await until(`an owner of slot ${slot}`, async () => {
    for (const [index, node] of nodes.entries()) {
      const own = (await ownLine(node)).split(' ').slice(8);
      if (own.some((range) => isWithin(slot, range))) return index;
    }
    return undefined;
  });
}

async function ownLine(node: RedisServer): Promise<string> {
  const lines = String(await node.command('CLUSTER', 'NODES')).split('\n');
  return lines.find((line) => line.includes('myself')) ?? '';
}

/** Slots that are being moved are written in brackets, after the ranges. */
function isWithin(slot: number, range: string): boolean {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  return Number(from) <= slot && slot <= Number(to);
}

function nodeAt(nodes: readonly RedisServer[], index: number): RedisServer {
  const node = nodes[index];
  if (!node) throw new Error(`the cluster has no node ${index}`);
  return node;
}
