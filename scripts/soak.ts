/**
 * `npm run soak -- [--minutes N] [--seed N] [--json FILE]`: honest and hostile functions in one instance,
 * while executors are killed and versions pushed. Fails on a wrong answer, a call that never settles, and
 * memory that grows.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type SoakResult, soak } from '../test/soak/soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    json: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error('--minutes takes a number above 0, --seed a whole number');
  process.exit(2);
}
console.error(`soaking for ${minutes} min, with seed ${seed}`);
const result = await soak(minutes, randomFrom(seed), (text) => console.error(text));
print(result);
if (values.json !== undefined) {
  const { tally, ...rest } = result;
  const text = { seed, calls: tally.calls, ends: tally.rows(), ...rest };
  writeFileSync(values.json, `${JSON.stringify(text, null, 2)}\n`);
}
process.exitCode = result.failures.length > 0 ? 1 : 0;

function print({ tally, kills, pushes, memory, stats, failures }: SoakResult): void {
  for (const { who, ends } of tally.rows()) {
    const shown = Object.entries(ends).map(([end, count]) => `${count} ${end}`);
    console.log(`${who.padEnd(24)} ${shown.join(', ')}`);
  }
  const ends = Object.entries(stats.endings).map(([why, count]) => `${count} ${why}`);
  console.log(
    `calls ${tally.calls}, wrong ${tally.wrongCount}, unsettled ${tally.unsettled.length}`,
  );
  console.log(
    `kills ${kills}, executors ended ${stats.restarts} (${ends.join(', ')}), pushes ${pushes}`,
  );
  for (const sample of chosenSamples(memory)) {
    const { minute, rssMb, keptMb } = sample;
    console.log(`minute ${minute.toFixed(1)}: host ${rssMb} MB resident, ${keptMb} MB kept`);
  }
  for (const failure of failures) console.log(`FAILED ${failure}`);
}

/** The first of each minute, and the last. */
function chosenSamples(memory: SoakResult['memory']): SoakResult['memory'] {
  return memory.filter(({ minute }, index) => {
    const before = memory[index - 1];
    const isFirst = before === undefined || Math.floor(before.minute) < Math.floor(minute);
    return isFirst || index === memory.length - 1;
  });
}

/** Marsaglia's xorshift with 32 bits (Journal of Statistical Software 8/14). */
function randomFrom(start: number): () => number {
  let state = start >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
