// What a user of the published package would write; package.test.ts runs it in a project of its own.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { cleanup, createScatter, get, init, track } from 'scatter-fn';
import { allowFetch } from 'scatter-fn/capabilities';

const url = `sqlite:${new URL('functions.db', import.meta.url).pathname}`;
const scatter = await init({ url });
const base = 40;
const answer = track((more) => base + more, { name: 'answer' });
const { version: firstVersion } = await answer.push();
const handle = await get('answer');
const first = await handle(2);

const other = createScatter({ url, pool: { threads: 1 } });
const newer = other.track((more) => base + more + 1, { name: 'answer' });
const swapped = new Promise((resolve) => handle.on('swap', resolve));
// Handles keep no program alive, and nothing else waits here.
const waiting = setInterval(() => undefined, 1000);
const { version: secondVersion } = await newer.push();
await swapped;
clearInterval(waiting);
const updated = await handle(2);

const failing = track(
  () => {
    throw new TypeError('on purpose');
  },
  { name: 'failing' },
);
await failing.push();
const threw = await (await get('failing'))().catch((error) => error.code);

const server = createServer((_request, response) => response.end('fetched')).listen(0, '127.0.0.1');
await once(server, 'listening');
const host = `127.0.0.1:${server.address().port}`;
const fetching = track(async (from) => (await fetch(from)).text(), { name: 'fetching' });
await fetching.push();
const capabilities = [allowFetch({ hosts: [host] })];
const fetched = await (await get('fetching', { capabilities }))(`http://${host}`);
server.close();

const stats = [await scatter.stats(), await other.stats()];
const answers = {
  first,
  versions: [firstVersion, secondVersion],
  updated,
  direct: answer(2),
  threw,
  fetched,
};
await other.close();
await cleanup();
process.stdout.write(JSON.stringify({ answers, pids: stats.flatMap(({ pids }) => pids) }));
