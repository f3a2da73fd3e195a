/** The rules in docs/redis.md let users do what the page says, and no more. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { createScatter, type Scatter } from '../../src/index.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { startCluster } from './servers/cluster.ts';
import { findRedisServer } from './servers/find-server.ts';
import { persistent, type RedisServer, startRedis } from './servers/server.ts';
import { pushOne, registryAt } from './told.ts';

const page = await readFile(new URL('../../docs/redis.md', import.meta.url), 'utf8');
const lines = [...page.matchAll(/^ACL SETUSER .*$/gm)].map(([line]) => line);
const { version } = await findRedisServer();

const READONLY = { code: 'SCATTER_ERR_REGISTRY_READONLY' };

type Double = (n: number) => number;

describe('the rules in docs/redis.md', () => {
  it('are three: for publishers, for runners, and for runners that are seen', () => {
    assert.deepEqual(
      lines.map((line) => line.split(' ', 3).at(-1)),
      ['scatter-publisher', 'scatter-runner', 'scatter-runner'],
    );
  });

  it('let publishers push, move and delete, with every command that they give', async () => {
    await using server = await serverWith(lines.slice(0, 1));
    await using publisher = scatterAs(server, 'publisher');
    const double = publisher.track((n: number) => 2 * n, { name: 'double' });
    await double.push();
    await publisher.track((n: number) => n + n, { name: 'double' }).push();
    await publisher.setAlias('double', 'stable', 1);
    await double.moveAll(1);
    await double.rollback();
    await using registry = registryAt(urlOf(server, 'publisher'));
    assert.equal((await registry.log({ limit: 10 })).length, 5);
    await double.delete();
    assert.deepEqual(await publisher.list(), []);
    await seenTwice(publisher, registry);
    await publisher.close();
    assert.deepEqual(await unused(server, lines[0]), []);
  });

  it('let runners get, call and follow, with every command that they give', async () => {
    await using server = await serverWith(lines);
    await using publisher = scatterAs(server, 'publisher');
    await publisher.track((n: number) => 2 * n, { name: 'double' }).push();
    await server.command('CONFIG', 'RESETSTAT');
    await using runner = scatterAs(server, 'runner');
    const double = await runner.get<Double>('double');
    assert.equal(await double(21), 42);
    const swapped = new Promise((resolve) => double.on('swap', resolve));
    await publisher.track((n: number) => 3 * n, { name: 'double' }).push();
    await swapped;
    assert.equal(await double(21), 63);
    assert.deepEqual(
      (await runner.list()).map(({ name }) => name),
      ['double'],
    );
    await using registry = registryAt(urlOf(server, 'runner'));
    assert.equal((await registry.log({ limit: 10 })).length, 2);
    await seenTwice(runner, registry);
    await runner.close();
    assert.deepEqual(await unused(server, lines[1]), []);
    assert.deepEqual(await unused(server, lines[2]), []);
  });

  it('let runners change nothing', async () => {
    await using server = await serverWith(lines);
    await using publisher = scatterAs(server, 'publisher');
    await publisher.track((n: number) => 2 * n, { name: 'double' }).push();
    await using runner = scatterAs(server, 'runner');
    const double = await runner.get<Double>('double');
    await assert.rejects(runner.track((n: number) => n, { name: 'double' }).push(), READONLY);
    await assert.rejects(runner.setAlias('double', 'stable', 1), READONLY);
    await assert.rejects(double.delete(), READONLY);
    assert.equal(await double(21), 42);
    assert.deepEqual(
      (await publisher.list()).map((info) => info.latestVersion),
      [1],
    );
  });

  it('let runners run unseen without the last', async () => {
    await using server = await serverWith(lines.slice(0, 2));
    await using publisher = scatterAs(server, 'publisher');
    await publisher.track((n: number) => 2 * n, { name: 'double' }).push();
    const warnings: string[] = [];
    await using runner = scatterAs(server, 'runner', warnings);
    const double = await runner.get<Double>('double');
    const swapped = new Promise((resolve) => double.on('swap', resolve));
    await publisher.track((n: number) => 3 * n, { name: 'double' }).push();
    await swapped;
    assert.equal(await double(21), 63);
    assert.equal((await publisher.status()).instances.length, 1);
    assert.deepEqual(warnings, []);
  });

  it('let nobody at other namespaces', async () => {
    await using server = await serverWith(lines);
    await using other = createScatter({ ...optionsOf(server, 'publisher'), namespace: 'other' });
    await assert.rejects(other.track((n: number) => n, { name: 'same' }).push(), READONLY);
    await using reading = createScatter({ ...optionsOf(server, 'runner'), namespace: 'other' });
    await assert.rejects(reading.list(), READONLY);
  });

  it('let publishers at a cluster with `+cluster|slots`, at a database with `+select`', async () => {
    assert.match(page, /database other than 0 needs `\+select`; a cluster `\+cluster\|slots`;/);
    await using server = await serverWith(lines);
    await server.command('ACL', 'SETUSER', 'scatter-publisher', '+select');
    await using database = registryAt(`${urlOf(server, 'publisher')}/3`);
    assert.equal(await pushOne(database), 1);
    await using cluster = await startCluster();
    const [node] = cluster.nodes;
    assert.ok(node !== undefined);
    await using registry = registryAt(`${urlOf(node, 'publisher')}?cluster`);
    for (const one of cluster.nodes) await allow(one, lines);
    await assert.rejects(pushOne(registry), READONLY);
    for (const one of cluster.nodes) {
      await one.command('ACL', 'SETUSER', 'scatter-publisher', '+cluster|slots');
    }
    assert.equal(await pushOne(registry), 1);
  });

  if (version.major >= 7) {
    it('let nobody at other keys, channels and commands', async () => {
      await using server = await serverWith(lines);
      const refused = (user: string, command: string) => assertRefused(server, user, command);
      for (const user of ['scatter-publisher', 'scatter-runner']) {
        await refused(user, 'GET elsewhere');
        await refused(user, 'HGET elsewhere field');
        await refused(user, 'HGET scatter:{other}:functions field');
        await refused(user, 'SUBSCRIBE elsewhere');
        for (const command of ['KEYS *', 'FLUSHALL', 'CONFIG GET *', 'ACL LIST', 'INFO']) {
          await refused(user, command);
        }
      }
      await refused('scatter-runner', 'HSET scatter:{default}:functions double x');
      await refused('scatter-runner', 'SET scatter:{default}:functions x');
      await refused('scatter-runner', 'DEL scatter:{default}:functions');
      await refused('scatter-runner', 'PUBLISH scatter:{default}:changes x');
    });
  }
});

/** Is shown to the fleet, and shown again when its time is over. */
async function seenTwice(scatter: Scatter, registry: Registry): Promise<void> {
  const { instances } = await scatter.status();
  const [report] = instances;
  assert.ok(report !== undefined);
  await registry.announce(report, 15_000);
  await registry.announce(report, 15_000);
}

async function assertRefused(server: RedisServer, user: string, command: string): Promise<void> {
  const answer = String(await server.command('ACL', 'DRYRUN', user, ...command.split(' ')));
  assert.notEqual(answer, 'OK', `${user} may ${command}`);
}

async function serverWith(rules: readonly string[]): Promise<RedisServer> {
  const server = await startRedis({ config: persistent });
  await allow(server, rules);
  return server;
}

async function allow(server: RedisServer, rules: readonly string[]): Promise<void> {
  for (const line of rules) {
    await server.command(...(version.major < 7 ? line.replaceAll('%R~', '~') : line).split(' '));
  }
}

/** Commands of a line that nobody has called. */
async function unused(server: RedisServer, line = ''): Promise<string[]> {
  const stats = String(await server.command('INFO', 'commandstats'));
  const given = [...line.matchAll(/ \+(\w+)/g)].map(([, name = '']) => name);
  return given.filter((name) => !new RegExp(`^cmdstat_${name}:calls=[1-9]`, 'm').test(stats));
}

function urlOf({ url }: RedisServer, user: 'publisher' | 'runner'): string {
  return url.replace('//', `//scatter-${user}:${user.toUpperCase()}_PASSWORD@`);
}

function optionsOf(server: RedisServer, user: 'publisher' | 'runner', warnings: string[] = []) {
  const ignore = () => undefined;
  const warn = (_: object, message: string) => void warnings.push(message);
  const logger = { debug: ignore, info: ignore, warn, error: warn };
  return { url: urlOf(server, user), cacheDir: false, logger, pool: { threads: 2 } } as const;
}

function scatterAs(
  server: RedisServer,
  user: 'publisher' | 'runner',
  warnings?: string[],
): Scatter {
  return createScatter(optionsOf(server, user, warnings));
}
