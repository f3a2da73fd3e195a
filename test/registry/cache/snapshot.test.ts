/** Files of `scatter snapshot`: what is in them, how they are checked, and what they answer. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isScatterError } from '../../../src/errors.ts';
import { parseReference } from '../../../src/model/reference.ts';
import { decodeArtifact } from '../../../src/registry/artifact-blob.ts';
import { writeSnapshot } from '../../../src/registry/cache/snapshot.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../src/registry/cache/snapshot-format.ts';
import { takeSnapshot } from '../../../src/registry/cache/take-snapshot.ts';
import type { Registry } from '../../../src/registry/registry.ts';
import { pushValue, withPlace } from './support.ts';
import { unreachable } from './switched-registry.ts';

const UNREACHABLE = { code: 'SCATTER_ERR_REGISTRY_UNREACHABLE' };

/** What a snapshot of these references has, as `name@version`, sorted. */
async function versionsIn(registry: Registry, ...references: string[]): Promise<string[]> {
  const { content } = await takeSnapshot(registry, references.map(parseReference));
  return content.versions.map(({ name, version }) => `${name}@${version}`).sort();
}

async function snapshotTo(registry: Registry, file: string): Promise<void> {
  await writeSnapshot(file, await takeSnapshot(registry, []));
}

describe('a snapshot', () => {
  it(
    'has the versions that latest, live and aliases are at, of all functions',
    withPlace(async ({ registry }) => {
      for (const value of [1, 2, 3, 4]) await pushValue(registry, 'price', value);
      await registry.setAlias('price', 'stable', 2, 'test');
      await pushValue(registry, 'tax', 1);
      await pushValue(registry, 'gone', 1);
      await registry.delete('gone', 'test');
      assert.deepEqual(await versionsIn(registry), ['price@2', 'price@4', 'tax@1']);
    }),
  );

  it(
    'of some has what these call, too, and the versions that are named',
    withPlace(async ({ registry }) => {
      for (const value of [1, 2, 3]) await pushValue(registry, 'tax', value);
      await pushValue(registry, 'price', 1, ['tax@1', 'round']);
      await pushValue(registry, 'price', 2, ['tax@1']);
      await pushValue(registry, 'order', 1, ['price', 'nobody', 'tax@9']);
      await pushValue(registry, 'unrelated', 1);
      const expected = ['order@1', 'price@2', 'tax@1', 'tax@3'];
      assert.deepEqual(await versionsIn(registry, 'order'), expected);
      assert.deepEqual(await versionsIn(registry, 'tax@2'), ['tax@2', 'tax@3']);
      const { missing } = await takeSnapshot(registry, [parseReference('order')]);
      assert.deepEqual(missing, ['nobody', 'tax@9']);
    }),
  );

  it(
    'of what is not there is refused',
    withPlace(async ({ registry }) => {
      await pushValue(registry, 'price', 1);
      const refusals = {
        prise: 'SCATTER_ERR_FUNCTION_NOT_FOUND',
        'price@2': 'SCATTER_ERR_VERSION_NOT_FOUND',
        'price@stable': 'SCATTER_ERR_VERSION_NOT_FOUND',
      };
      for (const [reference, code] of Object.entries(refusals)) {
        await assert.rejects(versionsIn(registry, reference), { code });
      }
    }),
  );

  it(
    'shows one moment, although others push while it is taken',
    withPlace(async ({ registry }) => {
      for (const name of ['a', 'b', 'c']) await pushValue(registry, name, 1);
      let pushes = 0;
      const { version } = registry;
      // All at one value before and after each push, which come while it reads.
      const busy = Object.assign(Object.create(registry), {
        version: async (name: string, number: number) => {
          const info = await version(name, number);
          if (pushes++ < 4) {
            for (const each of ['c', 'b', 'a', 'd']) await pushValue(registry, each, pushes + 1);
          }
          return info;
        },
      });
      const { content } = await takeSnapshot(busy, []);
      assert.equal(content.head.epoch, (await registry.head()).epoch);
      for (const record of content.functions) {
        assert.deepEqual(record, await registry.find(record.name));
      }
      assert.deepEqual(
        content.functions.map(({ name }) => name),
        ['a', 'b', 'c', 'd'],
      );
    }),
  );

  it(
    'of a registry that never stands still is refused, in the end',
    withPlace(async ({ registry }) => {
      await pushValue(registry, 'a', 1);
      let value = 1;
      const busy = Object.assign(Object.create(registry), {
        find: async (name: string) => {
          await pushValue(registry, 'a', ++value);
          return registry.find(name);
        },
      });
      await assert.rejects(takeSnapshot(busy, []), { code: 'SCATTER_ERR_REGISTRY_CONFLICT' });
    }),
  );

  it(
    'that cannot be written leaves nothing behind',
    withPlace(async ({ registry, folder }) => {
      await pushValue(registry, 'price', 1);
      const inNowhere = join(folder, 'nowhere', 'snapshot');
      await assert.rejects(snapshotTo(registry, inNowhere), { code: 'SCATTER_ERR_CONFIG_INVALID' });
      await assert.rejects(snapshotTo(registry, folder), { code: 'SCATTER_ERR_CONFIG_INVALID' });
      assert.deepEqual(await readdir(folder), []);
    }),
  );
});

describe('the file of a snapshot', () => {
  it(
    'reads back as it was written, and not if any byte is another, missing or too many',
    withPlace(async ({ registry }) => {
      await pushValue(registry, 'price', 1);
      await registry.setAlias('price', 'constructor', 1, 'test');
      const { content, artifacts } = await takeSnapshot(registry, []);
      const file = encodeSnapshot(content, artifacts);
      const read = decodeSnapshot(file);
      assert.partialDeepStrictEqual(read, content);
      const spans = [...read.artifacts].map(([digest, { start, bytes }]) => {
        return [digest, new Uint8Array(file.subarray(start, start + bytes))] as const;
      });
      assert.deepEqual(
        spans,
        [...artifacts].map(([digest, blob]) => [digest, new Uint8Array(blob)]),
      );
      for (let at = 0; at < file.length; at++) {
        const damaged = Buffer.from(file);
        damaged[at] = (damaged[at] ?? 0) ^ 1;
        assert.throws(() => decodeSnapshot(damaged), `with another byte ${at}`);
        assert.throws(() => decodeSnapshot(file.subarray(0, at)), `cut off at ${at}`);
      }
      assert.throws(() => decodeSnapshot(Buffer.concat([file, file])));
    }),
  );

  it(
    'is refused at the start when it is not there, damaged, no file or of another namespace',
    withPlace(async ({ registry, folder, start, other }) => {
      await pushValue(registry, 'price', 1);
      const file = join(folder, 'snapshot');
      const refusal = (error: unknown): true => {
        assert.ok(isScatterError(error, 'SCATTER_ERR_CONFIG_INVALID'));
        assert.match(error.message, /snapshot .* cannot be used: /);
        return true;
      };
      await assert.rejects(start({ snapshot: file }), refusal);
      await assert.rejects(start({ snapshot: folder }), refusal);
      await snapshotTo(registry, file);
      const foreign = await other({ namespace: 'other' });
      await assert.rejects(foreign.start({ snapshot: file }), refusal);
      await writeFile(file, (await readFile(file)).subarray(1));
      await assert.rejects(start({ snapshot: file }), refusal);
    }),
  );
});

describe('a program with a snapshot', () => {
  it(
    'starts from it without a cache, while the registry is away',
    withPlace(async ({ registry, start, folder }) => {
      const digest = await pushValue(registry, 'price', 1);
      const file = join(folder, 'snapshot');
      await snapshotTo(registry, file);
      const [head, record] = [await registry.head(), await registry.find('price')];
      registry.fail(unreachable());
      const { known } = await start({ folder: undefined, snapshot: file });
      assert.deepEqual(await known.head(), head);
      assert.deepEqual(await known.find('price'), record);
      assert.equal((await known.version('price', 1))?.digest, digest);
      decodeArtifact((await known.artifact(digest)) ?? Buffer.of(), digest);
      await assert.rejects(known.find('tax'), { ...UNREACHABLE, message: /snapshot$/ });
    }),
  );

  it(
    'asks the registry itself while it answers',
    withPlace(async ({ registry, start, folder }) => {
      await pushValue(registry, 'price', 1);
      const file = join(folder, 'snapshot');
      await snapshotTo(registry, file);
      await pushValue(registry, 'price', 2);
      const { known } = await start({ snapshot: file });
      assert.equal((await known.find('price'))?.latest, 2);
    }),
  );

  it(
    'takes from it what the cache lacks or has older, and the cache where that is newer',
    withPlace(async ({ registry, start, folder }) => {
      const file = join(folder, 'snapshot');
      await pushValue(registry, 'in cache', 1);
      await pushValue(registry, 'newer in snapshot', 1);
      await pushValue(registry, 'newer in cache', 1);
      const early = await start();
      await early.load('in cache');
      await early.load('newer in snapshot');
      await early.end();
      await pushValue(registry, 'newer in snapshot', 2);
      await pushValue(registry, 'in snapshot', 1);
      await snapshotTo(registry, file);
      await pushValue(registry, 'newer in cache', 2);
      const late = await start();
      await late.load('newer in cache');
      await late.end();
      const head = await registry.head();
      registry.fail(unreachable());
      const { known } = await start({ snapshot: file });
      assert.deepEqual(await known.head(), head);
      const latest = async (name: string) => (await known.find(name))?.latest;
      assert.equal(await latest('in cache'), 1);
      assert.equal(await latest('in snapshot'), 1);
      assert.equal(await latest('newer in snapshot'), 2);
      assert.equal(await latest('newer in cache'), 2);
      for (const name of ['newer in snapshot', 'newer in cache']) {
        const info = await known.version(name, 2);
        assert.ok(await known.artifact(info?.digest ?? ''), name);
      }
    }),
  );

  it(
    'counts as missing what somebody changed in it after the start, and says so once',
    withPlace(async ({ registry, start, folder }) => {
      const digest = await pushValue(registry, 'price', 1);
      const file = join(folder, 'snapshot');
      await snapshotTo(registry, file);
      registry.fail(unreachable());
      const program = await start({ snapshot: file });
      await writeFile(file, '');
      for (let n = 0; n < 2; n++) {
        await assert.rejects(program.known.artifact(digest), UNREACHABLE);
      }
      assert.deepEqual(program.trouble, [file]);
      assert.ok(existsSync(file));
    }),
  );
});
