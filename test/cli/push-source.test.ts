import assert from 'node:assert/strict';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectWith } from '../capture/package-project.ts';
import { registryWith } from './support.ts';

const nothing = (): Promise<void> => Promise.resolve();

test('push --source pushes the text of a file with the modules beside it, and runs nothing', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({
    'rules/discount.ts': `import { rate } from './lib/rate.ts';
import { writeFileSync } from './lib/write.js';
writeFileSync?.('ran-here');
export default function discount(total: number): number { return total * rate; }
`,
    'rules/lib/rate.ts': 'export const rate: number = 0.5;',
    'rules/lib/write.js': 'export const writeFileSync = globalThis.process?.versions && 1;',
  });
  const { code, stdout, stderr } = scatter('push', join(folder, 'rules/discount.ts'), '--source');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^discount@1 {2}new, \d+ bytes\n$/);
  assert.equal(existsSync('ran-here'), false);
  assert.equal(scatter('call', 'discount', '8').stdout, '4\n');
  const { source } = JSON.parse(scatter('show', 'discount', '--json').stdout);
  assert.match(source, /^import \{ rate \}/);
});

test('a name, an export and capabilities can be given', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({
    'a.mjs': "import { db } from 'scatter:capabilities'; export const load = (id) => db.find(id);",
  });
  const args = ['--source', '--export', 'load', '--capability', 'db', '--json'];
  const { stdout } = scatter('push', join(folder, 'a.mjs'), 'customer-7/load', ...args);
  const [pushed] = JSON.parse(stdout).functions;
  assert.deepEqual([pushed.name, pushed.requires], ['customer-7/load', ['db']]);
  assert.match(scatter('show', 'customer-7/load').stdout, /^requires db$/m);
});

test('what is wrong with the text is said with its place, for people and programs', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({
    'a.mjs': "export { x as default } from './b.mjs';",
    'b.mjs': '\nconst = 1;',
  });
  const { code, stdout, stderr } = scatter('push', join(folder, 'a.mjs'), '--source', '--json');
  assert.equal(code, 1);
  assert.match(stderr, /\(b\.mjs:2:7\)\n {4}const = 1;\n {10}\^/);
  const { error } = JSON.parse(stdout);
  assert.deepEqual(
    [error.code, error.file, error.line, error.column],
    ['SCATTER_ERR_SOURCE_INVALID', 'b.mjs', 2, 7],
  );
});

test('files outside of the folder, packages and Node modules are not read', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({
    'secret.mjs': 'export default () => 1;',
    'in/up.mjs': "export { default } from '../secret.mjs';",
    'in/link.mjs': "export { default } from './linked.mjs';",
    'in/package.mjs': "import ms from 'ms'; export default () => ms;",
    'in/node.mjs': "import fs from 'node:fs'; export default () => fs;",
  });
  symlinkSync(join(folder, 'secret.mjs'), join(folder, 'in/linked.mjs'));
  for (const file of ['up', 'link', 'package', 'node']) {
    const { code, stderr } = scatter('push', join(folder, 'in', `${file}.mjs`), '--source');
    assert.equal(code, 1, file);
    assert.match(stderr, /is not there|cannot be done/, file);
  }
});

test('one name at most, and a file that is there', async () => {
  const scatter = await registryWith(nothing);
  const folder = projectWith({ 'a.mjs': 'export default () => 1;' });
  assert.equal(scatter('push', join(folder, 'a.mjs'), 'x', 'y', '--source').code, 2);
  assert.equal(scatter('push', join(folder, 'b.mjs'), '--source').code, 2);
  assert.equal(scatter('push', folder, '--source').code, 2);
});
