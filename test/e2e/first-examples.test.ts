import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

for (const page of ['README.md', 'docs/capabilities.md']) {
  describe(`the first example of ${page}`, () => exampleTests(page));
}

function exampleTests(page: string): void {
  let code = '';

  before(async () => {
    const text = await readFile(join(ROOT, page), 'utf8');
    const found = /^```[jt]s\n(.*?)^```$/ms.exec(text)?.[1];
    assert.ok(found !== undefined, `${page} has a block of code`);
    assert.ok(found.includes("'scatter-fn'"), 'the first one is a whole program');
    code = found;
  });

  it('prints what its comments say', async () => {
    await inProject(async (folder) => {
      const source = new URL('../../src/index.ts', import.meta.url).href;
      await writeFile(join(folder, 'example.ts'), code.replace("'scatter-fn'", `'${source}'`));
      const { SCATTER_URL, REDIS_URL, SCATTER_NAMESPACE, SCATTER_ISOLATION, ...env } = process.env;
      const { stdout, stderr } = await run(process.execPath, ['example.ts'], { cwd: folder, env });
      const promised = [...code.matchAll(/^console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text);
      assert.ok(promised.length > 0, 'the example prints something');
      assert.deepEqual(stdout.trimEnd().split('\n'), promised);
      assert.equal(stderr, '');
    });
  });

  it('has no type error', async () => {
    await inProject(async (folder) => {
      await writeFile(join(folder, 'example.ts'), code);
      const options = {
        paths: { 'scatter-fn': [join(ROOT, 'src/index.ts')] },
        typeRoots: [join(ROOT, 'node_modules/@types')],
      };
      const config = {
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions: options,
        include: [folder],
      };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
      // What the compiler complains of is in the output that the rejection carries.
      await run(process.execPath, [compiler, '-p', folder]);
    });
  });
}

/** A folder as `npm init` leaves it, for ES modules. */
async function inProject(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'scatter-readme-'));
  try {
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
