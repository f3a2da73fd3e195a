import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Entry points of the package, and what they are here. */
const ENTRIES = {
  'scatter-fn': 'src/index.ts',
  'scatter-fn/capabilities': 'src/capabilities/index.ts',
};
const PAGES: Record<string, number> = {
  'README.md': 1,
  'docs/capabilities.md': 2,
  'docs/capture.md': 2,
  'docs/source.md': 1,
};
const run = promisify(execFile);

for (const [page, count] of Object.entries(PAGES)) {
  const programs = programsIn(await readFile(join(ROOT, page), 'utf8'));

  describe(`the programs in ${page}`, () => {
    it(`are ${count}`, () => assert.equal(programs.length, count));
    for (const [index, code] of programs.entries()) {
      it(`number ${index + 1} prints what its comments say`, () => assertPrints(code));
      it(`number ${index + 1} has no type error`, () => assertTypes(code));
    }
  });
}

/** A block of code that imports scatter is a whole program; others are parts of one. */
function programsIn(page: string): string[] {
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  return blocks.filter((code) => code.includes("from 'scatter-fn'"));
}

function assertPrints(code: string): Promise<void> {
  return inProject(async (folder) => {
    await writeFile(join(folder, 'example.ts'), withSources(code));
    const { SCATTER_URL, REDIS_URL, SCATTER_NAMESPACE, SCATTER_ISOLATION, ...env } = process.env;
    const { stdout, stderr } = await run(process.execPath, ['example.ts'], { cwd: folder, env });
    const promised = [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text);
    assert.ok(promised.length > 0, 'the program prints something');
    assert.deepEqual(stdout.trimEnd().split('\n'), promised);
    assert.equal(stderr, '');
  });
}

function withSources(code: string): string {
  return Object.entries(ENTRIES).reduce((text, [name, file]) => {
    return text.replace(`'${name}'`, `'${pathToFileURL(join(ROOT, file))}'`);
  }, code);
}

function assertTypes(code: string): Promise<void> {
  return inProject(async (folder) => {
    await writeFile(join(folder, 'example.ts'), code);
    const entries = Object.entries(ENTRIES).map(([name, file]) => [name, [join(ROOT, file)]]);
    const options = { paths: Object.fromEntries(entries) };
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: options,
      include: ['example.ts'],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    // What the compiler complains of is in the output that the rejection carries.
    await run(process.execPath, [compiler, '-p', folder]);
  });
}

/** A folder as `npm init` leaves it, for ES modules, with the packages that are installed here. */
async function inProject(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'scatter-page-'));
  try {
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
