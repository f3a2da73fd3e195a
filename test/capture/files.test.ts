import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { capture } from '../../src/capture/index.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import type { AnyFunction } from '../../src/model/function-type.ts';
import { withFolder } from '../registry/temporary-folder.ts';
import { guestOutcome } from './guest.ts';
import { checkWords, refusalOf } from './refusal.ts';

const SOURCE = 'const rate = 2;\nexport const fn = (x) => {\n  return helper(x) * rate;\n};\n';
const HELPER = 'function helper(x) {\n  return x + 1;\n}\n';

async function load(folder: string, name: string, text: string): Promise<AnyFunction> {
  const path = join(folder, name);
  writeFileSync(path, text);
  if (name.endsWith('.cjs')) return (createRequire(path)(path) as { fn: AnyFunction }).fn;
  return ((await import(pathToFileURL(path).href)) as { fn: AnyFunction }).fn;
}

async function gives(artifact: Artifact, argument: number, expected: unknown): Promise<void> {
  assert.deepEqual((await guestOutcome(artifact, [argument])).value, expected);
}

test(
  'a file with CRLF line ends',
  withFolder(async (folder) => {
    const fn = await load(folder, 'crlf.mjs', (SOURCE + HELPER).replaceAll('\n', '\r\n'));
    await gives(await capture(fn), 2, 6);
  }),
);

test(
  'text over lines in a file with CRLF keeps its lines',
  withFolder(async (folder) => {
    const text = 'const text = `a\n b`;\nexport const fn = () => [text, `c\n d`];\n';
    const fn = await load(folder, 'crlf-text.mjs', text.replaceAll('\n', '\r\n'));
    await gives(await capture(fn), 0, ['a\n b', 'c\n d']);
  }),
);

test(
  'a refusal in a file with CRLF names the right line',
  withFolder(async (folder) => {
    const text = 'import fs from "node:fs";\n\nexport const fn = () => fs.readFileSync("x");\n';
    const fn = await load(folder, 'crlf-refused.mjs', text.replaceAll('\n', '\r\n'));
    checkWords((await refusalOf(fn)).message, ['function fn (', 'crlf-refused.mjs:3:19)']);
  }),
);

test(
  'a file that begins with a hashbang, and one with a byte order mark',
  withFolder(async (folder) => {
    const hashbang = `#!/usr/bin/env node\n${SOURCE}${HELPER}`;
    await gives(await capture(await load(folder, 'hashbang.mjs', hashbang)), 2, 6);
    const marked = `\uFEFF${SOURCE}${HELPER}`;
    await gives(await capture(await load(folder, 'marked.mjs', marked)), 3, 8);
    const script = '#!/usr/bin/env node\nconst rate = 3;\nexports.fn = (x) => x * rate;\n';
    await gives(await capture(await load(folder, 'hashbang.cjs', script)), 2, 6);
  }),
);

test(
  'a file whose path has spaces, letters of other alphabets, # and %',
  withFolder(async (folder) => {
    const odd = join(folder, 'a folder ünd #1 %20');
    mkdirSync(odd);
    await gives(await capture(await load(odd, 'a file.mjs', SOURCE + HELPER)), 2, 6);
    await gives(await capture(await load(odd, 'b file.cjs', 'exports.fn = (x) => -x;')), 2, -2);
  }),
);

test(
  'a file that was loaded twice, by two queries, with two states',
  withFolder(async (folder) => {
    const path = join(folder, 'twice.mjs');
    writeFileSync(path, 'let n = 0;\nexport const fn = () => ++n;\n');
    const { href } = pathToFileURL(path);
    const first = (await import(`${href}?1`)) as { fn: () => number };
    const second = (await import(`${href}?2`)) as { fn: () => number };
    first.fn();
    await gives(await capture(first.fn), 0, 2);
    await gives(await capture(second.fn), 0, 1);
    const both = (): number[] => [first.fn(), second.fn(), second.fn()];
    await gives(await capture(both), 0, [2, 1, 2]);
  }),
);

test(
  'a file that changed on disk after it was loaded is captured as it was loaded',
  withFolder(async (folder) => {
    const fn = await load(folder, 'changed.mjs', SOURCE + HELPER);
    writeFileSync(join(folder, 'changed.mjs'), 'export const somethingElse = 1;\n');
    await gives(await capture(fn), 2, 6);
  }),
);

test(
  'a file that is reached through a link',
  withFolder(async (folder) => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'helper.mjs'), `export ${HELPER}`);
    symlinkSync(join(folder, 'real'), join(folder, 'linked'));
    const text = `import { helper } from './linked/helper.mjs';\n${SOURCE}`;
    await gives(await capture(await load(folder, 'main.mjs', text)), 2, 6);
  }),
);

test('a module that has no file', async () => {
  const text = 'const rate = 5; export const fn = (x) => x * rate;';
  const { fn } = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
    fn: AnyFunction;
  };
  await gives(await capture(fn), 2, 10);
});

test(
  'comments, and the spelling of files that the function does not reach, leave the code alone',
  withFolder(async (folder) => {
    const plain = await capture(await load(folder, 'plain.mjs', SOURCE + HELPER));
    const text = `// a comment\n/* and\n another */\n\n\n${SOURCE}\n\n// helps\n${HELPER}// end\n`;
    const spaced = await capture(await load(folder, 'spaced.mjs', text));
    const more = `export const other = () => 1;\n${HELPER}${SOURCE}class Unused {}\n`;
    const moved = await capture(await load(folder, 'moved.mjs', more));
    assert.equal(spaced.code, plain.code);
    assert.equal(moved.code, plain.code);
  }),
);
