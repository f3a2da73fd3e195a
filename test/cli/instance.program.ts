/**
 * Serves `price` of the registry at URL until its input ends. MODE:
 * - `follow`: follows it, and can give it no capability
 * - `able`: follows it, and provides the capability `db`
 * - `pin`: stays at version 1
 *
 * Prints a line once it is announced.
 */
import { createScatter, provide } from '../../src/index.ts';

const [url = '', mode = ''] = process.argv.slice(2);
const capabilities = mode === 'able' ? [provide('db', { query: () => 1 })] : [];
await using scatter = createScatter({ url, capabilities, pool: { threads: 1 } });
const price = await scatter.get('price');
if (mode === 'pin') await price.pull(1);
await scatter.status();
process.stdout.write('ready\n');
for await (const _ of process.stdin);
