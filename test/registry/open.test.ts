import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { isScatterError } from '../../src/errors.ts';
import { defaultUrl, openRegistry } from '../../src/registry/open.ts';
import { item, request } from '../contract/push-requests.ts';
import { withFolder } from './temporary-folder.ts';

describe('openRegistry', () => {
  it(
    'opens sqlite: with absolute and relative paths',
    withFolder(async (folder) => {
      const path = join(folder, 'deep', 'scatter.db');
      const urls = [`sqlite:${path}`, `sqlite://${path}`, `SQLite:${relative('.', path)}`];
      for (const [i, url] of urls.entries()) {
        const registry = await openRegistry(url, 'default');
        assert.equal(registry.url, `sqlite:${path}`);
        const [made] = await registry.push(request([item('add', url)]));
        assert.equal(made?.version, i + 1);
        await registry.close();
      }
    }),
  );

  it('keeps memory: to its opener and shares memory:NAME while somebody has it open', async () => {
    const own = [await openRegistry('memory:', 'a'), await openRegistry('memory:', 'a')];
    const first = await openRegistry('memory:team', 'a');
    const second = await openRegistry('memory:team', 'a');
    for (const registry of [own[0], first]) await registry?.push(request([item('add', 'a')]));
    assert.equal(await own[1]?.find('add'), undefined);
    assert.equal((await second.find('add'))?.latest, 1);
    await first.close();
    assert.equal((await second.find('add'))?.latest, 1);
    await Promise.all([...own, second].map((registry) => registry.close()));
    const later = await openRegistry('memory:team', 'a');
    assert.equal(await later.find('add'), undefined);
    await later.close();
  });

  it('opens redis: and rediss: without waiting for a server, and shows no password', async () => {
    const plain = await openRegistry('redis://u:hunter2@cache.invalid', 'default');
    const redis = { password: 'hunter2', db: 3, tls: {} };
    const secure = await openRegistry('REDISS://cache.invalid', 'default', { redis });
    assert.deepEqual(
      [plain.url, secure.url],
      ['redis://cache.invalid', 'rediss://cache.invalid/3'],
    );
    await Promise.all([plain.close(), secure.close()]);
    await assert.rejects(plain.head(), { code: 'SCATTER_ERR_POOL_CLOSED' });
  });

  const refused: [url: string, message: RegExp][] = [
    ['sqlite:', /names no file; write sqlite:/],
    ['sqlite::memory:', /write memory:/],
    ['sqlite://user:hunter2@host/x.db', /a file has none/],
    ['redis://u:hunter2@x@cache', /the redis url or its options are wrong: /],
    ['rediss://u:hunter2@cache:0', /there is no port 0/],
    ['postgres://u:hunter2@db/x', /`postgres:` is no kind of registry; use redis:\/\/HOST, /],
    ['//u:hunter2@db', /the given url does not begin/],
    ['scatter.db', /"scatter.db" does not begin/],
    ['', /"" does not begin/],
  ];
  for (const [url, message] of refused) {
    it(`refuses ${JSON.stringify(url)} with CONFIG_INVALID and prints no password`, async () => {
      await assert.rejects(openRegistry(url, 'default'), (error) => {
        assert.ok(isScatterError(error, 'SCATTER_ERR_CONFIG_INVALID'));
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
    });
  }

  it('refuses a malformed namespace with CONFIG_INVALID', async () => {
    for (const namespace of ['', '.', '-a', 'a b', 'a{b}', 'é', 'x'.repeat(65), 'a\n']) {
      await assert.rejects(openRegistry('memory:', namespace), {
        code: 'SCATTER_ERR_CONFIG_INVALID',
      });
    }
    for (const namespace of ['a', '0', 'Team.A_b-c', 'x'.repeat(64)]) {
      await (await openRegistry('memory:', namespace)).close();
    }
  });
});

describe('defaultUrl', () => {
  it('takes SCATTER_URL, then REDIS_URL, and empty ones for unset', () => {
    assert.equal(defaultUrl({ SCATTER_URL: 'memory:', REDIS_URL: 'redis:' }), 'memory:');
    assert.equal(defaultUrl({ SCATTER_URL: '', REDIS_URL: 'redis:' }), 'redis:');
    assert.match(defaultUrl({ SCATTER_URL: '', REDIS_URL: '' }), /^sqlite:/);
  });

  it(
    'puts the file beside the nearest package.json, or into the folder itself',
    withFolder(async (folder) => {
      const below = join(folder, 'a', 'b');
      await mkdir(below, { recursive: true });
      assert.equal(defaultUrl({}, below), `sqlite:${join(below, '.scatter', 'scatter.db')}`);
      await writeFile(join(folder, 'package.json'), '{}');
      assert.equal(defaultUrl({}, below), `sqlite:${join(folder, '.scatter', 'scatter.db')}`);
    }),
  );
});
