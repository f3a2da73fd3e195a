import type { RedisAddress, RedisNode } from './address.ts';
import type { RedisConnection } from './connection.ts';
import { textOf } from './reads.ts';
import { reasonOf } from './reason.ts';
import { whileConnecting } from './while-connecting.ts';

type Open = (sentinel: RedisNode, signal: AbortSignal) => Promise<RedisConnection>;

/**
 * Which server is the master. All sentinels are asked at once, or one whose machine is gone would take
 * the time of all; the first that knows is believed.
 */
export async function findMaster(
  { nodes, options }: RedisAddress,
  open: Open,
  signal: AbortSignal,
): Promise<RedisNode> {
  const { sentinelName = '', natMap } = options;
  const found = new AbortController();
  const either = AbortSignal.any([signal, found.signal]);
  try {
    const asked = nodes.map((node) => ask(node, sentinelName, { open, signal: either }));
    const { host, port } = await Promise.any(asked);
    return natMap?.[`${host}:${port}`] ?? { host, port };
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    const reasons = [...new Set(errors.map(reasonOf))].join(', ');
    throw new Error(`the sentinels tell no master: ${reasons}`, { cause: error });
  } finally {
    found.abort();
  }
}

/** Of a server that sentinels named. @throws while it still is the replica that it was */
export async function checkMaster(connection: RedisConnection): Promise<void> {
  try {
    const replication = textOf(await connection.call('INFO', ['replication'])) ?? '';
    if (/^role:master/m.test(replication)) return;
  } catch (error) {
    // A user need not be allowed to ask; a replica will say so itself when it is written to.
    if (error instanceof Error && /^NOPERM/.test(error.message)) return;
    throw error;
  }
  throw new Error('the server that the sentinels tell is a replica');
}

async function ask(
  node: RedisNode,
  name: string,
  { open, signal }: { readonly open: Open; readonly signal: AbortSignal },
): Promise<RedisNode> {
  const sentinel = await open(node, signal);
  const close = () => sentinel.close();
  const question = () => sentinel.call('SENTINEL', ['GET-MASTER-ADDR-BY-NAME', name]);
  const reply = await whileConnecting(signal, close, question);
  close();
  if (!Array.isArray(reply)) throw new Error('a master of that name is unknown');
  const [host, port] = reply.map(String);
  return { host: host ?? '', port: Number(port) };
}
