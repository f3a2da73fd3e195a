/** Programs that start while Redis is down, or lose it while they run, with a real server. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createScatter } from '../../src/index.ts';
import { pushValue, silentLogger } from '../library/support.ts';
import { withFolder } from '../registry/temporary-folder.ts';
import { type CachedProgram, startCached } from './cached-program.ts';
import { persistent, type RedisServer, startRedis } from './servers/server.ts';
import { until } from './servers/until.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** Pushes a `price` that gives `value`. */
async function push(server: RedisServer, value: number): Promise<void> {
  const logger = silentLogger;
  await using scatter = createScatter({ url: server.url, cacheDir: false, logger });
  await pushValue(scatter, 'price', value);
}

/** Waits until calls give this. */
async function serves(program: CachedProgram, result: number): Promise<void> {
  await until(`the result ${result}`, async () => {
    return (await program.call()).result === result || undefined;
  });
}

describe('a program whose Redis is down', { concurrency: true }, () => {
  it(
    'starts from its cache, serves, and catches up by itself when it is back',
    withFolder(async (cacheDir) => {
      await using server = await startRedis({ config: persistent });
      const options = { url: server.url, cacheDir };
      await push(server, 1);
      await push(server, 2);
      const first = startCached(options);
      assert.deepEqual(await first.call(), { result: 2, version: 2 });
      await first.end();
      await server.kill();
      await using program = startCached(options);
      assert.deepEqual(await program.call(), { result: 2, version: 2 });
      assert.equal((await program.pull()).code, 'SCATTER_ERR_REGISTRY_UNREACHABLE');
      const stats = await program.stats();
      assert.deepEqual([stats?.reachable, stats?.epoch], [false, 2]);
      const logged = [`warn: serving from cache since ${stats?.cacheSince}`];
      assert.deepEqual(await program.logged(), logged);
      await server.restart();
      await push(server, 3);
      await serves(program, 3);
      assert.equal((await program.stats())?.reachable, true);
      const [away, back] = await program.logged();
      assert.deepEqual([away], logged);
      assert.match(back ?? '', /^warn: the registry answers again, after \d+ s$/);
    }),
  );

  it(
    'goes on when it was killed under it, and starts again without it',
    withFolder(async (cacheDir) => {
      await using server = await startRedis({ config: persistent });
      const options = { url: server.url, cacheDir };
      await push(server, 1);
      const program = startCached(options);
      await serves(program, 1);
      await server.kill();
      await until('it to be noticed', async () => {
        return (await program.stats())?.reachable === false || undefined;
      });
      assert.deepEqual(await program.call(), { result: 1, version: 1 });
      await program.end();
      await using second = startCached(options);
      assert.deepEqual(await second.call(), { result: 1, version: 1 });
      await server.restart();
      await push(server, 2);
      await serves(second, 2);
    }),
  );

  it(
    'starts from a snapshot alone',
    withFolder(async (folder) => {
      await using server = await startRedis();
      await push(server, 1);
      const snapshot = join(folder, 'functions.snapshot');
      const { status, stderr } = spawnSync(
        process.execPath,
        [MAIN, 'snapshot', '--url', server.url, '--out', snapshot],
        { encoding: 'utf8' },
      );
      assert.deepEqual([status, stderr], [0, '']);
      await server.kill();
      await using program = startCached({ url: server.url, cacheDir: false, snapshot });
      assert.deepEqual(await program.call(), { result: 1, version: 1 });
    }),
  );

  it(
    'does not start from a damaged cache, that of another namespace, or none',
    withFolder(async (cacheDir) => {
      await using server = await startRedis();
      const options = { url: server.url, cacheDir };
      await push(server, 1);
      const first = startCached(options);
      await serves(first, 1);
      await first.end();
      await server.kill();
      const others = [
        { ...options, namespace: 'other' },
        { ...options, cacheDir: false as const },
        { ...options, url: `${server.url}/1` },
      ];
      const refused = others.map(async (other) => {
        await using program = startCached(other);
        assert.equal((await program.call()).code, 'SCATTER_ERR_REGISTRY_UNREACHABLE');
      });
      await Promise.all(refused);
      for (const path of globSync('*/artifacts/*', { cwd: cacheDir })) {
        await truncate(join(cacheDir, path), 20);
      }
      await using program = startCached(options);
      const { code, message } = await program.call();
      assert.equal(code, 'SCATTER_ERR_REGISTRY_UNREACHABLE');
      assert.match(message ?? '', /there is no cache of the artifact/);
    }),
  );

  it(
    'is told of a wrong password, though a cache is there',
    withFolder(async (cacheDir) => {
      await using server = await startRedis({ config: { requirepass: 'right' } });
      const withPassword = (password: string) => server.url.replace('//', `//:${password}@`);
      const logger = silentLogger;
      await using scatter = createScatter({ url: withPassword('right'), cacheDir, logger });
      await pushValue(scatter, 'price', 1);
      const first = startCached({ url: withPassword('right'), cacheDir });
      await serves(first, 1);
      await first.end();
      await using program = startCached({ url: withPassword('wrong'), cacheDir });
      const { code } = await program.call();
      assert.ok(code !== undefined && code !== 'SCATTER_ERR_REGISTRY_UNREACHABLE', code);
    }),
  );
});
