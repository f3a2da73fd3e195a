/**
 * Pushes at once: `COUNT` pushers of `PER_PUSHER` pushes each on the registry at `PATH`, every other
 * push with a second function. Prints what was made, one `name version digest` a line, as it is made.
 */
import { openSqlite } from '../../src/registry/sqlite.ts';
import { item, request } from '../contract/push-requests.ts';

const [path = '', label = '', count = '1', perPusher = '1'] = process.argv.slice(2);

const pushers = Array.from({ length: Number(count) }, (_, i) => push(`${label}.${i}`));
await Promise.all(pushers);

async function push(pusher: string): Promise<void> {
  const registry = await openSqlite(path, 'default');
  for (let round = 0; round < Number(perPusher); round++) {
    const content = `${pusher}.${round}`;
    const items = [item('add', content)];
    if (round % 2 === 1) items.push(item('sub', content));
    for (const made of await registry.push(request(items))) {
      process.stdout.write(`${made.name} ${made.version} ${made.digest}\n`);
    }
  }
  await registry.close();
}
