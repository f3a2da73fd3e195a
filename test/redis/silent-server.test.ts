/** Servers that greet and then answer nothing more: a connection is never made, and nobody waits for ever. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { openRedis } from '../../src/registry/redis.ts';

const sockets = new Set<Socket>();
const server = await listen();
after(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});
const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

for (const [what, url] of [
  ['SELECT', `redis://${host}/2`],
  ['SENTINEL', `redis://${host}?sentinel=main`],
  ['CLUSTER', `redis://${host}?cluster`],
  ['HGET', `redis://${host}`],
] as const) {
  test(`${what} is never answered: REGISTRY_UNREACHABLE, and close() ends`, async () => {
    const registry = openRedis(url, 'default');
    const asked = assert.rejects(registry.head(), { code: 'SCATTER_ERR_REGISTRY_UNREACHABLE' });
    await asked;
    await registry.close();
  });
}

test('close() ends a connection that is being made', async () => {
  const registry = openRedis(`redis://${host}/2`, 'default');
  const asked = assert.rejects(registry.head());
  await registry.close();
  await asked;
});

test('close() before the first connection is begun leaves no rejection behind', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  for (const url of [
    `redis://${host}`,
    `redis://${host}?cluster`,
    `redis://${host}?sentinel=main`,
  ]) {
    const registry = openRedis(url, 'default');
    // In the background, so that close() does not wait for it.
    const asked = assert.rejects(
      registry.changes({ generation: 'x', epoch: 1 }, { background: true }),
    );
    await registry.close();
    await asked;
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled, []);
});

/** Answers HELLO and CLIENT, and nothing else. */
async function listen(): Promise<Server> {
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (chunk) => {
      for (const [, word] of chunk.toString().matchAll(/^(hello|client)\r$/gim)) {
        socket.write(word?.toLowerCase() === 'hello' ? '%1\r\n+proto\r\n:3\r\n' : '+OK\r\n');
      }
    });
    socket.on('error', () => socket.destroy());
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return listener;
}
