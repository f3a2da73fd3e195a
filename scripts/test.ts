/**
 * Runs the tests: `npm test` runs all of them, `npm test -- test/pool` those below a folder,
 * `npm test -- test/pool/lane.test.ts` one file. Flags go to `node --test`.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith('--'));
const places = given.filter((argument) => !argument.startsWith('--'));
const files = (places.length > 0 ? places : ['test']).flatMap(testFiles);
if (files.length === 0) {
  console.error(`no test file below ${places.join(', ')}`);
  process.exit(2);
}
if (files.some(startsRedis)) prepareRedis();
// Node leaves a processor free; most of these files wait for processes of their own.
const concurrency = `--test-concurrency=${Math.max(2, availableParallelism())}`;
const { status } = spawnSync(process.execPath, ['--test', concurrency, ...flags, ...files], {
  stdio: 'inherit',
});
process.exit(status ?? 1);

function testFiles(place: string): string[] {
  return statSync(place).isDirectory() ? globSync(`${place}/**/*.test.ts`).sort() : [place];
}

function startsRedis(file: string): boolean {
  return /'[./]+(redis\/)?servers\/[\w-]+\.ts'/.test(readFileSync(file, 'utf8'));
}

/** Else each of the test processes would wait for the download. What fails here, they tell as well. */
function prepareRedis(): void {
  const program = fileURLToPath(new URL('../test/redis/servers/prepare.ts', import.meta.url));
  spawnSync(process.execPath, [program], { stdio: 'inherit' });
}
