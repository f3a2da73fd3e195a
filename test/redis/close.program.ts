/** Uses a registry until its input ends, closes it and tells what is left of it then. */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { openRegistry } from '../../src/registry/open.ts';
import { pushOne } from './told.ts';

const [url = '', options = '{}'] = process.argv.slice(2);
process.stdin.resume();
const before = process.getActiveResourcesInfo();
const registry = await openRegistry(url, 'default', { redis: JSON.parse(options) });
registry.watch(() => undefined);
await pushOne(registry);
process.stdout.write('pushed\n');
await once(process.stdin, 'end');
await registry.close();
// What was destroyed is let go of in a next turn; the client ends what it asks a cluster by itself.
const left = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => !before.includes(name));
const deadline = performance.now() + 1000;
while (left().length > 0 && performance.now() < deadline) await setImmediate();
process.stdout.write(`left: ${left().join(', ')}\n`);
