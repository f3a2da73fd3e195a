/** The servers that the tests start do what the tests believe. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { startCluster } from './servers/cluster.ts';
import { findRedisServer } from './servers/find-server.ts';
import { isAlive } from './servers/is-alive.ts';
import { startProxy } from './servers/proxy.ts';
import { rawClient } from './servers/raw-client.ts';
import { startSentinelGroup } from './servers/sentinel.ts';
import { persistent, startRedis } from './servers/server.ts';
import { startTlsRedis } from './servers/tls.ts';
import { until } from './servers/until.ts';

const HOLDER = fileURLToPath(new URL('servers/server-holder.program.ts', import.meta.url));

test('a server is found, once', async () => {
  const found = await findRedisServer();
  assert.ok(found.version.major >= 6);
  assert.equal(await findRedisServer(), found);
});

test('a server starts, answers with its own pid, and is gone with its folder after stop()', async () => {
  const server = await startRedis();
  const info = String(await server.command('INFO', 'server'));
  assert.match(info, new RegExp(`process_id:${server.pid}\r\n`));
  assert.equal(server.url, `redis://127.0.0.1:${server.port}`);
  await server.stop();
  await server.stop();
  assert.ok(!isAlive(server.pid));
  assert.ok(!existsSync(server.folder));
});

test('a server that cannot start says why', async () => {
  await using server = await startRedis();
  await assert.rejects(startRedis({ port: server.port }), /Address already in use/);
  await assert.rejects(startRedis({ config: { nonsense: '1' } }), /nonsense/);
});

test('a persistent server that is killed keeps its writes, unless they are to be lost', async () => {
  await using server = await startRedis({ config: persistent });
  const { pid } = server;
  await server.command('SET', 'key', Buffer.from('value'));
  await server.kill();
  assert.ok(!isAlive(pid));
  await assert.rejects(server.command('GET', 'key'), hasCause(/ECONNREFUSED/));
  await server.restart();
  assert.notEqual(server.pid, pid);
  assert.equal(await server.command('GET', 'key'), 'value');
  await server.restart({ loseData: true });
  assert.equal(await server.command('GET', 'key'), null);
});

test('a paused server answers only after it is resumed', async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  const client = await rawClient(proxy.port);
  server.pause();
  client.socket.write('PING\r\n');
  await until('the request at the server', () => proxy.bytes.toServer === 6 || undefined);
  assert.equal(client.received(), '');
  server.resume();
  await until('the answer', () => client.received() === '+PONG\r\n' || undefined);
  client.socket.destroy();
});

test('a server dies with the process that started it, even by kill -9', async () => {
  const holder = spawn(process.execPath, [HOLDER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await once(holder.stdout, 'data');
  const pid = Number(output);
  assert.ok(isAlive(pid));
  holder.kill('SIGKILL');
  await until('the death of the server', () => !isAlive(pid) || undefined);
});

test('a proxy counts what it forwards', async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  const client = await rawClient(proxy.port);
  client.socket.write('PING\r\n');
  await until('the answer', () => client.received() === '+PONG\r\n' || undefined);
  assert.deepEqual({ ...proxy.bytes }, { toServer: 6, toClient: 7 });
  assert.equal(proxy.connections, 1);
  proxy.resetBytes();
  assert.deepEqual({ ...proxy.bytes }, { toServer: 0, toClient: 0 });
  proxy.cut();
  await client.closed;
  assert.equal(proxy.connections, 0);
});

test('a proxy cuts after exactly so many bytes to the server', async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  const client = await rawClient(proxy.port);
  const whole = 'SET first 1\r\n';
  const cut = proxy.cutAfter({ toServer: whole.length + 5 });
  client.socket.write(`${whole}SET second 1\r\n`);
  await cut;
  await client.closed;
  assert.equal(proxy.bytes.toServer, whole.length + 5);
  await until(
    'the first write',
    async () => (await server.command('EXISTS', 'first')) || undefined,
  );
  assert.equal(await server.command('EXISTS', 'second'), 0);
});

test('a proxy cuts in the middle of an answer, once', async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  await server.command('SET', 'key', 'x'.repeat(300_000));
  const client = await rawClient(proxy.port);
  const cut = proxy.cutAfter({ toClient: 200_001 });
  client.socket.write('GET key\r\n');
  await cut;
  await client.closed;
  assert.equal(client.received().length, 200_001);
  const next = await rawClient(proxy.port);
  next.socket.write('GET key\r\n');
  await until('the whole answer', () => next.received().length > 300_000 || undefined);
  next.socket.destroy();
});

test('a stalled proxy swallows everything, and destroys the connections when it heals', async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  const before = await rawClient(proxy.port);
  await until('the connection', () => proxy.connections === 1 || undefined);
  proxy.stall();
  const during = await rawClient(proxy.port);
  await until('both connections', () => proxy.connections === 2 || undefined);
  before.socket.write('SET key 1\r\n');
  during.socket.write('SET key 2\r\n');
  await server.command('PING');
  assert.equal(proxy.connections, 2);
  await proxy.heal();
  await Promise.all([before.closed, during.closed]);
  assert.equal(before.received() + during.received(), '');
  assert.equal(await server.command('EXISTS', 'key'), 0);
});

test('a slow proxy takes its time', async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  const client = await rawClient(proxy.port);
  proxy.slow({ delayMs: 20, bytesPerSecond: 10_000 });
  const start = performance.now();
  client.socket.write(`ECHO ${'x'.repeat(993)}\r\n`);
  await until('the answer', () => client.received().length === 1001 || undefined);
  // A hundredth less, as timers may fire a little early.
  assert.ok(performance.now() - start >= 0.99 * (20 + 100 + 20 + 100));
  client.socket.destroy();
});

test('a refusing proxy listens again on its port when it heals, and can lead elsewhere', async () => {
  await using first = await startRedis();
  await using second = await startRedis();
  await using proxy = await startProxy(first);
  const client = await rawClient(proxy.port);
  proxy.refuse();
  await client.closed;
  await assert.rejects(rawClient(proxy.port), { code: 'ECONNREFUSED' });
  proxy.setTarget(second.port);
  await proxy.heal();
  const next = await rawClient(proxy.port);
  next.socket.write('SET key 1\r\n');
  await until('the answer', () => next.received() === '+OK\r\n' || undefined);
  assert.equal(await second.command('EXISTS', 'key'), 1);
  next.socket.destroy();
});

test('a failover makes the replica the master, with all writes', async () => {
  await using group = await startSentinelGroup();
  const { master, replica } = group;
  await master.command('SET', 'key', 'kept');
  await group.failover({ keepMaster: true });
  assert.equal(await replica.command('GET', 'key'), 'kept');
  await assert.rejects(master.command('SET', 'key', '1'), /READONLY/);
});

test('a failover loses what the master wrote after the replica was isolated', async () => {
  await using group = await startSentinelGroup();
  const { master, replica, sentinel } = group;
  await master.command('SET', 'key', 'replicated');
  await master.command('WAIT', '1', '0');
  group.isolateReplica();
  await master.command('SET', 'key', 'lost');
  await group.failover({ lose: true });
  assert.ok(!isAlive(master.pid));
  const redis = new Redis({ sentinels: [{ port: sentinel.port }], name: group.name });
  assert.equal(await redis.get('key'), 'replicated');
  assert.equal(await redis.set('key', 'new'), 'OK');
  redis.disconnect();
  assert.equal(await replica.command('GET', 'key'), 'new');
});

test('a slot of a cluster moves with its keys', async () => {
  await using cluster = await startCluster();
  const { nodes } = cluster;
  const slot = await cluster.keySlot('{tag}');
  const from = await cluster.slotOwner('{tag}');
  const to = (from + 1) % nodes.length;
  for (let index = 0; index < 10; index++) await nodes[from]?.command('SET', `{tag}${index}`, '1');
  const count = (node: number) => nodes[node]?.command('CLUSTER', 'COUNTKEYSINSLOT', String(slot));
  let halfway: unknown[] = [];
  await cluster.moveSlot(slot, {
    pauseHalfway: async () => {
      halfway = [await count(from), await count(to), await cluster.slotOwner('{tag}')];
    },
  });
  assert.deepEqual(halfway, [5, 5, from]);
  assert.deepEqual([await count(from), await count(to)], [0, 10]);
  assert.equal(await cluster.slotOwner('{tag}'), to);
  await assert.rejects(async () => await nodes[from]?.command('GET', '{tag}0'), /MOVED/);
});

test('a server with TLS is trusted by its authority, and by nobody else', async () => {
  await using server = await startTlsRedis();
  assert.equal(await server.command('PING'), 'PONG');
  const trusting = new Redis(server.url.replace('127.0.0.1', 'localhost'), {
    tls: { ca: server.ca },
    family: 4,
  });
  assert.equal(await trusting.ping(), 'PONG');
  trusting.disconnect();
  const other = new Redis(server.url, { lazyConnect: true, retryStrategy: () => null });
  const [[error]] = await Promise.all([once(other, 'error'), assert.rejects(other.connect())]);
  assert.match(String(error), /certificate/);
});

function hasCause(pattern: RegExp): (error: Error) => boolean {
  return ({ cause }) => pattern.test(String(cause));
}
