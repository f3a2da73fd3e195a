import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createScatter } from '../../src/index.ts';
import { resolveOptions, type ScatterOptions } from '../../src/options.ts';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

function cacheOf(options: ScatterOptions): object {
  return resolveOptions({ snapshot: false, ...options }).cache;
}

describe('cacheDir', () => {
  it('is .scatter/cache beside the nearest package.json for Redis', () => {
    const folder = join(packageFolder, '.scatter', 'cache');
    for (const url of ['redis://localhost', 'rediss://localhost', 'REDIS://localhost']) {
      assert.deepEqual(cacheOf({ url }), { folder, snapshot: undefined });
    }
  });

  it('is used for a file only if it is given, and never for memory', () => {
    const none = { folder: undefined, snapshot: undefined };
    assert.deepEqual(cacheOf({ url: 'sqlite:a.db' }), none);
    const given = { folder: resolve('b'), snapshot: undefined };
    assert.deepEqual(cacheOf({ url: 'sqlite:a.db', cacheDir: 'b' }), given);
    assert.deepEqual(cacheOf({ url: 'memory:', cacheDir: 'b', snapshot: 'c' }), none);
  });

  it('is switched off by false', () => {
    const none = { folder: undefined, snapshot: undefined };
    assert.deepEqual(cacheOf({ url: 'redis://localhost', cacheDir: false }), none);
  });
});

describe('snapshot', () => {
  it('is a file, $SCATTER_SNAPSHOT if there is one, and false for none', (t) => {
    const before = process.env['SCATTER_SNAPSHOT'];
    t.after(() => {
      if (before === undefined) delete process.env['SCATTER_SNAPSHOT'];
      else process.env['SCATTER_SNAPSHOT'] = before;
    });
    process.env['SCATTER_SNAPSHOT'] = 'of the image';
    const url = 'sqlite:a.db';
    const found = (options: ScatterOptions) => resolveOptions({ url, ...options }).cache.snapshot;
    assert.equal(found({}), resolve('of the image'));
    assert.equal(found({ snapshot: 'given' }), resolve('given'));
    assert.equal(found({ snapshot: false }), undefined);
    process.env['SCATTER_SNAPSHOT'] = '';
    assert.equal(found({}), undefined);
  });

  it('that is not there is CONFIG_INVALID at the start, and names the file', async () => {
    await using scatter = createScatter({
      url: 'redis://127.0.0.1:1',
      cacheDir: false,
      snapshot: 'not/there',
    });
    await assert.rejects(scatter.connect(), {
      code: 'SCATTER_ERR_CONFIG_INVALID',
      message: /snapshot .*not.there cannot be used/,
    });
  });
});

it('cacheDir and snapshot that are no paths are CONFIG_INVALID', () => {
  for (const wrong of ['', 'a\0b', 7, true, {}]) {
    for (const option of ['cacheDir', 'snapshot']) {
      assert.throws(() => createScatter({ [option]: wrong }), {
        code: 'SCATTER_ERR_CONFIG_INVALID',
        message: new RegExp(`${option} is .*; it must be a path or false`, 's'),
      });
    }
  }
});
