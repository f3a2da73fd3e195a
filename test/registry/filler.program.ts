/** Fills the registry at `PATH` until there is no room, and prints what does not add up. */
import { openSqlite } from '../../src/registry/sqlite.ts';
import { fill } from './filler.ts';

const registry = await openSqlite(process.argv[2] ?? '', 'default');
process.stdout.write(await fill(registry));
await registry.close();
