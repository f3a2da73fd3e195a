import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { CODEC_FILES, guestSource } from '../../workers/guest-source.ts';

describe('guestSource()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guest-source-'));
  after(() => rmSync(folder, { recursive: true }));

  it('links TypeScript files into one script whose value is the result', () => {
    const one = write('one.ts', 'export const base: number = 40;\nexport type Unused = string;\n');
    const two = write(
      'two.ts',
      "import {\n  base,\n} from './one.ts';\nimport type { Unused } from './one.ts';\n" +
        'export function answer(): number {\n  return base + 2;\n}\n',
    );
    const answer = runInNewContext(guestSource([one, two], 'answer')) as () => number;
    assert.equal(answer(), 42);
  });

  it('links built files too', () => {
    const one = write('one.js', 'export const one = 1;\n');
    const types = write('types.js', 'export {};\n');
    const two = write(
      'two.js',
      "import { one } from './one.js';\nexport class Two { n = one + 1 }\n",
    );
    assert.equal(runInNewContext(guestSource([one, types, two], 'new Two().n')), 2);
  });

  it('refuses a name that two files declare', () => {
    const first = write('first.ts', 'function shared(): void {}\n');
    const second = write('second.ts', 'const shared = 1;\n');
    assert.throws(() => guestSource([first, second]), /shared is declared in .*first.*second/);
  });

  it('refuses forms of import and export that it does not know', () => {
    for (const line of [
      "import './x.ts';",
      "export * from './x.ts';",
      'export default 1;',
      'export { a };',
    ]) {
      const file = write('odd.ts', `${line}\n`);
      assert.throws(() => guestSource([file]), /cannot be linked/, line);
    }
  });

  it('refuses an import of what no linked file has', () => {
    const file = write('alone.ts', "import { other } from './other.ts';\nother();\n");
    assert.throws(() => guestSource([file]), /no file that is linked has other/);
  });

  it('leaves comments out, and keeps to one byte a character', () => {
    const file = write(
      'comments.ts',
      '/** Doc. */\n// line\nexport const text = "… // no /** comment */ ü"; /** a */ // b\n' +
        '/**\n * Longer.\n */\nexport const after = 1; /* in line */\n',
    );
    const source = guestSource([file], 'text + after');
    assert.doesNotMatch(source, /Doc|Longer|^\/\/ line|[^\0-\x7f]/m);
    assert.equal(runInNewContext(source), '… // no /** comment */ ü1');
  });

  it('leaves nothing of Node and nothing to be loaded in the codec', () => {
    const source = guestSource(CODEC_FILES);
    assert.doesNotMatch(source, /\brequire\(|\bprocess\.|node:|import\(/);
    assert.equal(runInNewContext(source), undefined);
  });

  function write(name: string, text: string): URL {
    const path = join(folder, name);
    writeFileSync(path, text);
    return pathToFileURL(path);
  }
});
