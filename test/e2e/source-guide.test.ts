import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const GUIDE = fileURLToPath(new URL('../../docs/source.md', import.meta.url));
const INDEX = new URL('../../src/index.ts', import.meta.url).href;

test('the program in the guide for code of customers prints what its comments say', async () => {
  const code = /^```ts\n(.*?)^```$/ms.exec(await readFile(GUIDE, 'utf8'))?.[1] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'scatter-guide-'));
  after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'guide.ts'), code.replace("'scatter-fn'", `'${INDEX}'`));
  const { SCATTER_URL, REDIS_URL, SCATTER_NAMESPACE, SCATTER_ISOLATION, ...env } = process.env;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['guide.ts'], { cwd: folder, env });
  const promised = [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, text]) => text);
  assert.equal(promised.length, 2);
  assert.deepEqual(stdout.trimEnd().split('\n'), promised);
});
