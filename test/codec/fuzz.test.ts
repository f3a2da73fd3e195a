import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fuzz, runFrame } from './fuzz/fuzz.ts';
import { growthTrouble, measureGrowth } from './fuzz/growth.ts';
import { Random } from './fuzz/random.ts';
import { REGRESSIONS } from './fuzz/regressions.ts';
import { findingLines } from './fuzz/report.ts';
import { Tally } from './fuzz/tally.ts';

const FRAMES = 2000;
const FIXED_SEED = 7;
const LARGEST = 2 ** 17;
const SCRIPT = fileURLToPath(new URL('../../scripts/fuzz.ts', import.meta.url));

for (const seed of [FIXED_SEED, Math.floor(Math.random() * 2 ** 31)]) {
  const which = seed === FIXED_SEED ? 'the same in every run' : 'others in every run';
  test(`mutated bytes are read as plain data or refused as documented: ${which}`, () => {
    const tally = new Tally();
    const finding = fuzz({ seed, from: 0, frames: FRAMES }, tally);
    assert.equal(finding && findingLines(seed, finding).join('\n'), undefined);
    for (const [name, { frames, passed }] of tally.targets) {
      assert.ok(passed > frames / 20 && passed < frames, `${passed} of ${frames} passed: ${name}`);
    }
  });
}

for (const [title, target, frame] of REGRESSIONS) {
  test(`still read as plain data or refused: ${title}`, () => {
    for (let stream = 0; stream < 4; stream += 1) {
      runFrame(target, 0, frame, new Random(FIXED_SEED, stream), new Tally());
    }
  });
}

test('what is costly to read costs no more for a byte when there is more of it', () => {
  // Twice, for what else goes on meanwhile.
  const trouble = measureGrowth(LARGEST).flatMap(growthTrouble);
  assert.deepEqual(trouble.length > 0 ? measureGrowth(LARGEST).flatMap(growthTrouble) : [], []);
});

test('npm run fuzz says what it found as JSON and exits by itself', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [SCRIPT, '--frames', '300', '--seed', '1', '--json'],
    { timeout: 60_000 },
  );
  const report = JSON.parse(stdout);
  assert.equal(report.frames, 300);
  assert.equal(report.seed, 1);
  assert.equal(report.targets.length, 5);
});
