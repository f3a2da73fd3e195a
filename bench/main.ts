/**
 * `npm run bench -- [--only GROUP] [--json FILE]`: what calls and swaps cost, beside what others cost.
 * Compare ratios, not times: those wander with the machine.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureCapture } from './cases/capture.ts';
import { measureOverhead } from './cases/overhead.ts';
import { measureRegistry } from './cases/registry.ts';
import { measureSwap } from './cases/swap.ts';
import { collectResult, type GroupResult, printResult } from './report.ts';

const GROUPS: Readonly<Record<string, (quick: boolean) => Promise<GroupResult>>> = {
  capture: measureCapture,
  overhead: measureOverhead,
  registry: measureRegistry,
  swap: measureSwap,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    // For the suite's own test: few samples, numbers without meaning.
    quick: { type: 'boolean', default: false },
  },
});
const groups = new Map<string, GroupResult>();
for (const [name, run] of chosenGroups(values.only)) groups.set(name, await run(values.quick));
const result = collectResult(groups);
printResult(result);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);

function chosenGroups(only: string | undefined): [string, (typeof GROUPS)[string]][] {
  const chosen = Object.entries(GROUPS).filter(([name]) => only === undefined || name === only);
  if (chosen.length > 0) return chosen;
  console.error(`there is no group ${only}; there are ${Object.keys(GROUPS).join(', ')}`);
  process.exit(2);
}
