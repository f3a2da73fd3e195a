import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageFolders } from '../../src/pool/package-folders.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'scatter-')));
after(() => rmSync(root, { recursive: true }));

function install(place: string, file: object = {}): string {
  const folder = join(root, place);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(file));
  return folder;
}

test('packages are found where they are installed, with all that they depend on', () => {
  const app = install('flat');
  const one = install('flat/node_modules/one', { dependencies: { two: '1', '@scope/three': '1' } });
  install('flat/node_modules/one/node_modules/two', { dependencies: { one: '1' } });
  const three = install('flat/node_modules/@scope/three', { optionalDependencies: { none: '1' } });
  install('flat/node_modules/two');
  assert.deepEqual(packageFolders(['one'], app).sort(), [one, three].sort());
});

test('a package that is called as a built-in module is found, too', () => {
  const app = install('named');
  const punycode = install('named/node_modules/punycode');
  assert.deepEqual(packageFolders(['punycode'], app), [punycode]);
});

test('packages that are linked from a store are there in both places', () => {
  const app = install('linked');
  const one = install('store/one/node_modules/one', { dependencies: { two: '1' } });
  const two = install('store/two/node_modules/two');
  mkdirSync(join(app, 'node_modules'));
  const links = [join(app, 'node_modules/one'), join(root, 'store/one/node_modules/two')];
  symlinkSync(one, links[0] ?? '');
  symlinkSync(two, links[1] ?? '');
  assert.deepEqual(packageFolders(['one'], app).sort(), [one, two, ...links].sort());
});

test('a folder of packages that is a link itself is among them', () => {
  const app = install('beside');
  const one = install('elsewhere/node_modules/one');
  const link = join(app, 'node_modules');
  symlinkSync(join(root, 'elsewhere/node_modules'), link);
  assert.deepEqual(packageFolders(['one'], app).sort(), [one, link].sort());
});
