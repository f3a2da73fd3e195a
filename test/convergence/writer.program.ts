/** Pushes to the registry at the url what comes as JSON, in order, and tells each id when it is done. */
import { openRegistry } from '../../src/registry/open.ts';
import type { ModelPush } from './model.ts';
import { pushTo } from './real-world.ts';

const [url = '', namespace = '', pushes = '[]'] = process.argv.slice(2);

const registry = await openRegistry(url, namespace);
for (const push of JSON.parse(pushes) as ModelPush[]) {
  await pushTo(registry, push);
  process.stdout.write(`${push.id}\n`);
}
await registry.close();
