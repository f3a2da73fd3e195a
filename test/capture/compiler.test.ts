import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { captureSource } from '../../src/capture/index.ts';

const skip = process.platform === 'linux' ? false : 'the process is found in /proc';

test('when its process ends, those who wait get their answer from the next one', {
  skip,
}, async () => {
  await captureSource('export default () => 1');
  const before = compilers();
  assert.equal(before.length, 1);
  for (let round = 0; round < 3; round++) {
    const many = Array.from({ length: 8 }, (_, index) => {
      return captureSource(`export default () => ${index} // ${'x'.repeat(100_000)}`);
    });
    for (const pid of compilers()) process.kill(pid, 'SIGKILL');
    assert.equal((await Promise.all(many)).length, 8);
  }
  assert.equal(compilers().length, 1);
  assert.notDeepEqual(compilers(), before);
});

/** Process ids of the compilers that this process started and that have not ended. */
function compilers(): number[] {
  return readdirSync('/proc/self/task')
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' '))
    .map(Number)
    .filter((pid) => pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('esbuild'));
}
