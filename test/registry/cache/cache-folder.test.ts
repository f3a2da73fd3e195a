/** The files of a cache: who may read them, what becomes of damaged and unused ones. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isScatterError } from '../../../src/errors.ts';
import { decodeArtifact } from '../../../src/registry/artifact-blob.ts';
import { tidyCache } from '../../../src/registry/cache/cache-tidy.ts';
import { cacheFiles, pushValue, withPlace } from './support.ts';
import { unreachable } from './switched-registry.ts';

const UNREACHABLE = { code: 'SCATTER_ERR_REGISTRY_UNREACHABLE' } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

describe('a cache', () => {
  it(
    'is readable for its owner only',
    withPlace(async ({ registry, start, folder }) => {
      await pushValue(registry, 'price', 1);
      const program = await start();
      await program.load('price');
      await program.end();
      const [head = ''] = cacheFiles(folder, '.');
      for (const path of [head, ...cacheFiles(folder, '*')]) {
        assert.equal((await stat(path)).mode & 0o777, 0o600, path);
        assert.equal((await stat(join(path, '..'))).mode & 0o777, 0o700, path);
      }
      assert.equal(cacheFiles(folder, '*').length, 3);
    }),
  );

  it(
    'is not made before there is something to keep',
    withPlace(async ({ folder, start }) => {
      await (await start()).end();
      assert.deepEqual(cacheFiles(folder, '**'), []);
    }),
  );

  it(
    'is left alone while nothing changes, however often functions are asked for',
    withPlace(async ({ registry, start, folder }) => {
      await pushValue(registry, 'price', 1);
      const program = await start();
      await program.load('price');
      await program.end();
      const [path = ''] = cacheFiles(folder, 'functions');
      await rm(path);
      await program.known.find('price');
      await program.end();
      assert.deepEqual(cacheFiles(folder, 'functions'), []);
      await registry.setAlias('price', 'stable', 1, 'test');
      await program.known.find('price');
      await program.end();
      assert.deepEqual(cacheFiles(folder, 'functions'), [path]);
    }),
  );

  it(
    'keeps versions that other programs loaded before',
    withPlace(async ({ registry, start }) => {
      const digests = [
        await pushValue(registry, 'price', 1),
        await pushValue(registry, 'price', 2),
      ];
      for (const version of [1, 2]) {
        const program = await start();
        await program.load('price', version);
        await program.end();
      }
      registry.fail(unreachable());
      const { known } = await start();
      for (const [index, digest] of digests.entries()) {
        assert.equal((await known.version('price', index + 1))?.digest, digest);
        assert.ok(await known.artifact(digest));
      }
    }),
  );

  it(
    'keeps an artifact, too, that this program got from elsewhere',
    withPlace(async ({ registry, start }) => {
      const digest = await pushValue(registry, 'price', 1);
      const artifact = decodeArtifact((await registry.artifact(digest)) ?? Buffer.of(), digest);
      const program = await start();
      await program.known.head();
      await program.known.find('price');
      await program.known.version('price', 1);
      program.known.held(digest, artifact);
      registry.fail(unreachable());
      const blob = await program.known.artifact(digest);
      assert.deepEqual(decodeArtifact(blob ?? Buffer.of(), digest), artifact);
    }),
  );

  it(
    'keeps what was read before it was known of which registry it is',
    withPlace(async ({ registry, start }) => {
      await pushValue(registry, 'price', 1);
      const program = await start();
      const found = await program.known.find('price');
      const info = await program.known.version('price', 1);
      await program.known.head();
      registry.fail(unreachable());
      assert.deepEqual(await program.known.find('price'), found);
      assert.deepEqual(await program.known.version('price', 1), info);
    }),
  );

  it(
    'that cannot be written is told once, and the program goes on',
    withPlace(async ({ registry, start, folder }) => {
      await pushValue(registry, 'price', 1);
      await writeFile(join(folder, 'file'), '');
      const program = await start({ folder: join(folder, 'file', 'cache') });
      for (let n = 0; n < 3; n++) {
        await program.load('price');
        await pushValue(registry, 'price', n + 2);
        await program.known.head();
        await program.end();
      }
      assert.equal(program.trouble.length, 1);
      registry.fail(unreachable());
      await assert.rejects(program.known.find('price'), UNREACHABLE);
    }),
  );

  it(
    'that others may write to is neither read nor written, and told once',
    withPlace(async ({ registry, start, folder }) => {
      await pushValue(registry, 'price', 1);
      const first = await start();
      await first.load('price');
      await first.end();
      const [head = ''] = cacheFiles(folder, '.');
      await chmod(join(head, '..'), 0o777);
      const program = await start();
      await pushValue(registry, 'price', 2);
      await program.load('price');
      await program.end();
      registry.fail(unreachable());
      await assert.rejects(program.known.head(), UNREACHABLE);
      await assert.rejects(program.known.find('price'), UNREACHABLE);
      assert.deepEqual(program.trouble, [join(head, '..')]);
    }),
  );
});

describe('a damaged file of a cache', () => {
  const damages: Record<string, (path: string) => Promise<void>> = {
    empty: (path) => truncate(path),
    'cut off': async (path) => truncate(path, (await stat(path)).size - 3),
    'no JSON': (path) => writeFile(path, '\0'.repeat(40)),
    'another shape': (path) => writeFile(path, '{"format":1,"record":{},"info":[],"head":7}'),
    'of a newer scatter': async (path) => {
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace('"format":1', '"format":2'));
    },
    'a folder': async (path) => {
      await rm(path);
      await mkdir(path);
    },
  };
  const parts = { '.': 'head', functions: 'find', versions: 'version' } as const;
  for (const [how, damage] of Object.entries(damages)) {
    for (const [part, ask] of Object.entries(parts)) {
      it(
        `(${ask}, ${how}) counts as missing, and is told once`,
        withPlace(async ({ registry, start, folder }) => {
          await pushValue(registry, 'price', 1);
          const first = await start();
          await first.load('price');
          await first.end();
          for (const path of cacheFiles(folder, part)) await damage(path);
          registry.fail(unreachable());
          const program = await start();
          const asks = {
            head: () => program.known.head(),
            find: () => program.known.find('price'),
            version: () => program.known.version('price', 1),
          };
          for (let n = 0; n < 3; n++) await assert.rejects(asks[ask](), UNREACHABLE);
          assert.equal(program.trouble.length, 1);
        }),
      );
    }
  }

  it(
    '(artifact) counts as missing whichever byte is another, and is healed when it is loaded again',
    withPlace(async ({ registry, start, folder }) => {
      const digest = await pushValue(registry, 'price', 1);
      const first = await start();
      await first.load('price');
      await first.end();
      const [path = ''] = cacheFiles(folder, 'artifacts');
      const blob = await readFile(path);
      registry.fail(unreachable());
      for (let at = 0; at < blob.length; at += 5) {
        const damaged = Buffer.from(blob);
        damaged[at] = (damaged[at] ?? 0) ^ 0xff;
        await writeFile(path, damaged);
        const program = await start();
        await program.known.head();
        try {
          // Zstandard ignores some bits of its own header; what comes out is what counts.
          const read = await program.known.artifact(digest);
          decodeArtifact(read ?? Buffer.of(), digest);
        } catch (error) {
          assert.ok(isScatterError(error, UNREACHABLE.code));
          assert.deepEqual(program.trouble, [path]);
        }
      }
      await truncate(path, 3);
      registry.heal();
      const healing = await start();
      await healing.load('price');
      await healing.end();
      assert.deepEqual(await readFile(path), blob);
    }),
  );
});

describe('what nobody uses any more', () => {
  const age = async (path: string, days: number): Promise<void> => {
    const then = new Date(Date.now() - days * DAY_MS);
    await utimes(path, then, then);
  };

  it(
    'leaves the cache after 30 days, and what runs stays',
    withPlace(async ({ registry, start, folder }) => {
      for (const name of ['old', 'running', 'young']) {
        await pushValue(registry, name, name.length);
        const program = await start();
        await program.load(name);
        await program.end();
      }
      const info = await registry.version('running', 1);
      const files = cacheFiles(folder, '*');
      const young = await registry.version('young', 1);
      for (const path of files) await age(path, path.endsWith(young?.digest ?? '?') ? 29 : 31);
      const program = await start();
      program.registry.keep(() => (info === undefined ? [] : [info]));
      await pushValue(registry, 'another', 7);
      await program.load('another');
      await program.end();
      const left = files.filter((path) => cacheFiles(folder, '*').includes(path));
      assert.equal(left.length, 4);
      registry.fail(unreachable());
      assert.equal((await program.known.find('running'))?.latest, 1);
      assert.ok(await program.known.version('running', 1));
      assert.ok(await program.known.artifact(info?.digest ?? ''));
      await assert.rejects(program.known.find('old'), UNREACHABLE);
    }),
  );

  it(
    'leaves the cache before that when artifacts take too much room, the oldest first',
    withPlace(async ({ registry, start, folder }) => {
      const digests: string[] = [];
      for (let value = 0; value < 4; value++) {
        digests.push(await pushValue(registry, 'price', value));
        const program = await start();
        await program.load('price');
        await program.end();
      }
      const paths = digests.map((digest) => {
        return cacheFiles(folder, 'artifacts').find((path) => path.endsWith(digest)) ?? '';
      });
      for (const [index, path] of paths.entries()) await age(path, index === 3 ? 0 : 9 - index);
      const { size } = await stat(paths[0] ?? '');
      const place = join(paths[0] ?? '', '..', '..');
      await tidyCache(place, { maxBytes: 2.5 * size });
      assert.deepEqual(cacheFiles(folder, 'artifacts').sort(), paths.slice(2).sort());
      // What is used now stays, however large it is.
      await tidyCache(place, { maxBytes: 0 });
      assert.deepEqual(cacheFiles(folder, 'artifacts'), paths.slice(3));
    }),
  );
});
