/** Starts a server, tells its process id and waits to be killed. */
import { startRedis } from './server.ts';

const { pid } = await startRedis();
process.stdout.write(`${pid}\n`);
setInterval(() => process.stdout.write('.'), 60_000);
