/** Watches the registry at `PATH`, writes to it and never closes it; what follows is up to Node. */
import { openSqlite } from '../../src/registry/sqlite.ts';
import { item, request } from '../contract/push-requests.ts';

const registry = await openSqlite(process.argv[2] ?? '', 'default');
registry.watch(() => undefined);
await registry.push(request([item('add', 'a')]));
process.stdout.write('end\n');
