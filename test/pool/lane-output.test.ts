import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { LaneOutput } from '../../src/pool/lane-output.ts';

const LARGE = new Uint8Array(32 * 2 ** 20);
const server = createServer({ pauseOnConnect: true });
const opened: Socket[] = [];
after(() => {
  for (const socket of opened) socket.destroy();
  server.close();
});

/** Both ends of a connection of which the second one is not read yet. */
async function connection(): Promise<readonly [here: Socket, there: Socket]> {
  if (!server.listening) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { promise, resolve } = Promise.withResolvers<Socket>();
  server.once('connection', resolve);
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const here = connect(address.port, '127.0.0.1').on('error', () => here.destroy());
  const there = await promise;
  opened.push(here, there);
  return [here, there];
}

test('tells when a frame has left, and not before', async () => {
  const [here, there] = await connection();
  const output = new LaneOutput(here);
  let left = 0;
  output.append(1, 1, [LARGE], 0, () => (left += 1));
  output.append(1, 2, [], 0, () => (left += 1));
  await setTimeout(50);
  assert.equal(left, 0);
  there.resume();
  while (left === 0) await setImmediate();
  assert.equal(left, 2);
});

test('tells that a frame never will leave', async () => {
  const [here] = await connection();
  const output = new LaneOutput(here);
  let left = 0;
  output.append(1, 1, [LARGE], 0, () => (left += 1));
  output.flush();
  here.destroy();
  while (left === 0) await setImmediate();
  output.append(1, 2, [], 0, () => (left += 1));
  await setImmediate();
  assert.equal(left, 2);
});
