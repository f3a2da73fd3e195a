import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const USER_PROGRAM = fileURLToPath(new URL('user.mjs', import.meta.url));
const run = promisify(execFile);
// Far beyond what it needs: ends a program that does not end by itself, and so fails its test.
const LIMIT_MS = 120_000;
const project = mkdtempSync(join(tmpdir(), 'scatter-package-'));
// Whatever `node` npm's scripts and bins find is the one that runs this test.
const env = {
  ...process.env,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
};

let tarball = '';

before(async () => {
  const packed = await run('npm', ['pack', '--json', '--pack-destination', project], {
    cwd: ROOT,
    env,
  });
  [tarball = ''] = /[\w.-]+\.tgz/.exec(packed.stdout) ?? [];
  writeFileSync(join(project, 'package.json'), '{ "name": "user", "private": true }');
  copyFileSync(USER_PROGRAM, join(project, 'user.mjs'));
  await run(
    'npm',
    ['install', join(project, tarball), '--prefer-offline', '--no-audit', '--no-fund'],
    { cwd: project, env },
  );
});
after(() => rmSync(project, { recursive: true, force: true }));

test('the installed package tracks, pushes, follows a live update and lets the program end', async () => {
  const { stdout, stderr } = await run(process.execPath, ['user.mjs'], {
    cwd: project,
    env,
    timeout: LIMIT_MS,
  });
  const { answers, pids } = JSON.parse(stdout);
  assert.deepEqual(answers, {
    first: 42,
    versions: [1, 2],
    updated: 43,
    direct: 42,
    threw: 'SCATTER_ERR_GUEST_THREW',
    fetched: 'fetched',
  });
  assert.ok(pids.length > 0);
  for (const pid of pids) assert.equal(isRunning(pid), false, `executor ${pid} is still running`);
  assert.doesNotMatch(stderr, /Error/);
});

test('the package runs where all packages are links into a store, as pnpm has them', async () => {
  const linked = join(project, 'linked');
  mkdirSync(linked);
  writeFileSync(join(linked, 'package.json'), '{ "name": "user", "private": true }');
  copyFileSync(USER_PROGRAM, join(linked, 'user.mjs'));
  const flags = ['--install-strategy=linked', '--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', join(project, tarball), ...flags], { cwd: linked, env });
  assert.ok(lstatSync(join(linked, 'node_modules', 'scatter-fn')).isSymbolicLink());
  const { stdout } = await run(process.execPath, ['user.mjs'], {
    cwd: linked,
    env,
    timeout: LIMIT_MS,
  });
  assert.equal(JSON.parse(stdout).answers.updated, 43);
});

test('the installed package has everything that its package.json names', () => {
  const folder = join(project, 'node_modules', 'scatter-fn');
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const entry of Object.values<string | Record<string, string>>(manifest.exports)) {
    for (const file of typeof entry === 'string' ? [entry] : Object.values(entry)) {
      assert.ok(existsSync(join(folder, file)), `exports has ${file}`);
    }
  }
  for (const file of Object.values<string>(manifest.bin)) {
    assert.ok(existsSync(join(folder, file)), `bin has ${file}`);
  }
});

test("the README's first example and the walk run with the installed package", async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  assert.match(example, /from 'scatter-fn'/);
  writeFileSync(join(project, 'readme.mts'), example);
  const walk = readFileSync(join(ROOT, 'examples', 'walk.ts'), 'utf8');
  const temporary = readFileSync(join(ROOT, 'examples', 'temporary-registry.ts'), 'utf8');
  writeFileSync(
    join(project, 'walk.mts'),
    walk
      .replace("'../src/index.ts'", "'scatter-fn'")
      .replace("'./temporary-registry.ts'", "'./temporary-registry.mts'"),
  );
  writeFileSync(join(project, 'temporary-registry.mts'), temporary);
  const inProject = { cwd: project, env, timeout: LIMIT_MS };
  const shown = await run(process.execPath, ['readme.mts'], inProject);
  assert.equal(shown.stdout, '119 1\n60 2\n');
  const walked = await run(process.execPath, ['walk.mts'], inProject);
  assert.match(walked.stdout, /7\. delete[\s\S]*SCATTER_ERR_FUNCTION_NOT_FOUND[\s\S]*cleaned up/);
});

test('the installed command says its version and lists functions', async () => {
  const command = join(project, 'node_modules', '.bin', 'scatter');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const said = await run(command, ['--version'], { cwd: project, env });
  assert.equal(said.stdout.trim(), version);
  const listed = await run(command, ['ls', '--url', `sqlite:${join(project, 'functions.db')}`], {
    cwd: project,
    env,
  });
  assert.match(listed.stdout, /answer/);
});

test('the installed command pushes the functions of a file that uses the package, and a text', async () => {
  const command = join(project, 'node_modules', '.bin', 'scatter');
  const url = `sqlite:${join(project, 'pushed.db')}`;
  const rules = `import { track } from 'scatter-fn';
    export const twice = track((n: number): number => n * 2, { name: 'double' });
    export default (n: number): number => n * 4;`;
  writeFileSync(join(project, 'rules.mts'), rules);
  const options = { cwd: project, env };
  const push = await run(command, ['push', 'rules.mts', '--url', url], options);
  assert.match(push.stdout, /^double@1 {2}new.*\nrules@1 {2}new/);
  await run(
    command,
    ['push', 'rules.mts', 'text', '--source', '--export', 'nothing', '--url', url],
    options,
  ).then(
    () => assert.fail('there is no such export'),
    ({ code, stderr }) =>
      assert.match(`${code} ${stderr}`, /^1 [\s\S]*import of `scatter-fn` cannot/),
  );
  writeFileSync(
    join(project, 'text.ts'),
    'enum E { A = 8 } export default (n: number) => n * E.A;',
  );
  await run(command, ['push', 'text.ts', '--source', '--url', url], options);
  const answers = ['double', 'rules', 'text'].map(async (name) => {
    return (await run(command, ['call', name, '2', '--url', url], options)).stdout;
  });
  assert.deepEqual(await Promise.all(answers), ['4\n', '8\n', '16\n']);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
