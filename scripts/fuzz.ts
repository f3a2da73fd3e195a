/**
 * `npm run fuzz -- [--frames N] [--seed N] [--from N] [--json]`: gives mutated bytes to all that reads
 * what guests and registries send. Exits with 1 at the first frame for which a property does not hold.
 */
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { liveBytes } from '../test/codec/fuzz/collect-garbage.ts';
import { fuzz } from '../test/codec/fuzz/fuzz.ts';
import { growthTrouble, measureGrowth } from '../test/codec/fuzz/growth.ts';
import { findingLines, makeReport, reportLines } from '../test/codec/fuzz/report.ts';
import { Tally } from '../test/codec/fuzz/tally.ts';
import { startWatchdog } from '../test/codec/fuzz/watchdog.ts';

const LARGEST = 2 ** 20;
const WARM_UP = 20_000;
const MOST_HEAP_GROWTH = 24 * 2 ** 20;
const STEP = 20_000;

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    from: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});
const seed = wholeNumber('seed', values.seed);
const frames = wholeNumber('frames', values.frames);
const from = wholeNumber('from', values.from);

const watchdog = startWatchdog(seed);
const tally = new Tally();
const started = performance.now();
await run(from, Math.min(frames, WARM_UP));
const before = liveBytes();
for (let done = WARM_UP; done < frames; done += STEP) {
  await run(from + done, Math.min(STEP, frames - done));
  const rate = Math.round((done / (performance.now() - started)) * 1000);
  process.stderr.write(`\r${done} of ${frames} frames, ${rate} a second, seed ${seed} `);
}
process.stderr.write('\n');
const after = liveBytes();
await watchdog.end();
const growth = frames > WARM_UP ? measureGrowth(LARGEST) : [];
const seconds = (performance.now() - started) / 1000;
const report = makeReport({ seed, seconds, heap: { before, after }, growth }, tally);
console.log(values.json ? JSON.stringify(report, null, 2) : reportLines(report).join('\n'));
const trouble = growth.flatMap(growthTrouble);
if (after - before > MOST_HEAP_GROWTH) trouble.push(`the heap grew by ${after - before} bytes`);
if (trouble.length > 0) fail(trouble);

async function run(first: number, count: number): Promise<void> {
  const finding = fuzz({ seed, from: first, frames: count, onFrame: watchdog.see }, tally);
  if (finding !== undefined) fail(findingLines(seed, finding));
  // What zlib leaves to the next turn would pile up.
  await setImmediate();
}

function fail(lines: readonly string[]): never {
  console.error(`\n${lines.join('\n')}`);
  process.exit(1);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  console.error(`--${option} is ${text}; it must be a whole number`);
  process.exit(2);
}
