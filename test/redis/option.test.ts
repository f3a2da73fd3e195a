/** The option `redis` of an instance, and what the command line says about a server. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createScatter, type ScatterOptions } from '../../src/index.ts';
import { startRedis } from './servers/server.ts';
import { startTlsRedis } from './servers/tls.ts';
import { until } from './servers/until.ts';
import { PASSWORD } from './told.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

describe('the option redis', () => {
  it('gives what the url does not say', async () => {
    await using server = await startTlsRedis({ config: { requirepass: PASSWORD } });
    const redis = { password: PASSWORD, db: 2, tls: { ca: server.ca } };
    const options = { url: server.url, redis, cacheDir: false, logger: silent } as const;
    await using scatter = createScatter(options);
    await scatter.track((n: number) => n + 1, { name: 'next' }).push();
    assert.deepEqual(
      (await scatter.list()).map(({ name }) => name),
      ['next'],
    );
    assert.match(String(await server.command('INFO', 'keyspace')), /^db2:/m);
  });

  it('is refused with CONFIG_INVALID when it has a name that nobody reads', () => {
    const redis = { pasword: PASSWORD } as ScatterOptions['redis'] & object;
    assert.throws(() => createScatter({ url: 'redis:', redis }), {
      code: 'SCATTER_ERR_CONFIG_INVALID',
      message: /^the option redis\.pasword: `pasword` is not an option; there are username, /,
    });
  });

  it('that cannot be is CONFIG_INVALID when the instance connects', async () => {
    await using scatter = createScatter({ url: 'redis:', redis: { db: -1 }, cacheDir: false });
    await assert.rejects(scatter.connect(), {
      code: 'SCATTER_ERR_CONFIG_INVALID',
      message: /there is no database -1/,
    });
  });
});

describe('what endangers a registry', () => {
  it('is told to the logger, without a password', async () => {
    await using server = await startRedis({ config: { requirepass: PASSWORD, save: '' } });
    const told: string[] = [];
    const logger = { ...silent, warn: (_: object, message: string) => told.push(message) };
    const url = server.url.replace('//', `//:${PASSWORD}@`);
    await using scatter = createScatter({ url, cacheDir: false, logger });
    await scatter.connect();
    await until('the warning', () => told.length > 0 || undefined);
    assert.match(
      told.join(),
      /^the registry redis:\/\/127\.0\.0\.1:\d+: it keeps nothing on disk, /,
    );
  });

  it('is told by commands that write, and not by those that read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scatter-cli-'));
    await using server = await startRedis({ config: { save: '' } });
    try {
      const file = join(folder, 'next.mjs');
      await writeFile(file, 'export const next = (n) => n + 1;\n');
      const push = run(server.url, 'push', file);
      assert.match(push.stderr, /^warning: the registry redis:\S+ it keeps nothing on disk, /m);
      assert.match(push.stdout, /^next/m);
      const ls = run(server.url, 'ls');
      assert.equal(ls.stderr, '');
      assert.match(ls.stdout, /^next/m);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function run(url: string, ...args: string[]) {
  const env = { ...process.env, SCATTER_URL: url, SCATTER_AUTHOR: 'tester' };
  const given = { encoding: 'utf8', env, input: '' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], given);
  assert.equal(status, 0, stderr);
  return { stdout, stderr };
}
