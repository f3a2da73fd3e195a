import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeSnapshot } from '../../src/registry/cache/snapshot-format.ts';
import { withFolder } from '../registry/temporary-folder.ts';
import { priceRegistry, registryWith } from './support.ts';

const scatter = await priceRegistry();

test(
  'snapshot writes all functions to a file, and says what is in it',
  withFolder(async (folder) => {
    const file = join(folder, 'functions.snapshot');
    const { code, stdout, stderr } = scatter('snapshot', '--out', file);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /^NAME +LATEST +VERSIONS\nprice +2 +2\n.*snapshot: 1 function, \d+ bytes\n$/,
    );
    assert.equal(decodeSnapshot(readFileSync(file)).functions[0]?.name, 'price');
    assert.deepEqual(readdirSync(folder), ['functions.snapshot']);
  }),
);

test(
  'snapshot takes the versions that are named, too, and prints JSON',
  withFolder(async (folder) => {
    const file = join(folder, 'functions.snapshot');
    const { stdout } = scatter('snapshot', '--out', file, 'price@1', '--json');
    const told = JSON.parse(stdout);
    const bytes = readFileSync(file).byteLength;
    const functions = [{ name: 'price', latest: 2, versions: [1, 2] }];
    assert.partialDeepStrictEqual(told, { file, bytes, epoch: 2, functions, missing: [] });
  }),
);

test(
  'snapshot says what is called and not there',
  withFolder(async (folder) => {
    const command = await registryWith(async (instance) => {
      await instance.track(() => 1, { name: 'tax' }).push();
      const tax = await instance.get('tax');
      await instance.track(() => tax(), { name: 'price' }).push();
      await tax.delete();
    });
    const { code, stderr } = command('snapshot', '--out', join(folder, 'file'), 'price');
    assert.deepEqual([code, stderr], [0, 'tax is called and not in the registry\n']);
  }),
);

test(
  'snapshot of what is not there exits with 4, without --out or to no folder with 2',
  withFolder(async (folder) => {
    assert.equal(scatter('snapshot', '--out', join(folder, 'file'), 'prise').code, 4);
    assert.equal(scatter('snapshot', '--out', join(folder, 'file'), 'price@9').code, 4);
    assert.equal(scatter('snapshot').code, 2);
    assert.equal(scatter('snapshot', '--out', join(folder, 'nowhere', 'file')).code, 2);
    assert.deepEqual(readdirSync(folder), []);
  }),
);

test(
  'snapshot of nothing is an error: a program could not start from it',
  withFolder(async (folder) => {
    const file = join(folder, 'functions.snapshot');
    const { code, stderr } = scatter('snapshot', '--out', file, '--namespace', 'elsewhere');
    assert.equal(code, 4);
    assert.match(stderr, /no functions in elsewhere of sqlite:/);
    assert.deepEqual(readdirSync(folder), []);
  }),
);
