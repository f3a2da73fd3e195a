/**
 * `npm run walk`: everything one function goes through, step by step, with what each step prints.
 * `-- --url sqlite:PATH` or `redis://HOST` uses a registry of yours in place of a temporary one, in a
 * namespace of its own, of which the log stays.
 */
import { randomUUID } from 'node:crypto';
// Users write 'scatter-fn' here.
import { cleanup, get, init, isScatterError, track } from '../src/index.ts';
import { parseRegistryUrl, shownUrl, withRegistry } from './temporary-registry.ts';

type Describe = (width: number, height: number) => string;

const UNIT = 'cm';

// Two states of one function. In a program of yours it is edited in place and pushed again; here
// both are in one file, under the one name `describe`.
function describeSides(width: number, height: number): string {
  return `${width} by ${height} ${UNIT}`;
}

function describeArea(width: number, height: number): string {
  return `${areaOf(width, height)} square ${UNIT}`;
}

function areaOf(width: number, height: number): number {
  return width * height;
}

try {
  await withRegistry(parseRegistryUrl(), walk);
} catch (error) {
  console.error(`the walk failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function walk(url: string): Promise<void> {
  try {
    await walkSteps(url);
  } finally {
    await cleanup();
    show('cleaned up: nothing of scatter is left running');
  }
}

async function walkSteps(url: string): Promise<void> {
  step(1, 'init: open a registry');
  const own = `walk-${randomUUID().slice(0, 8)}`;
  const { namespace } = await init({ url, namespace: own, cacheDir: false });
  show(`${shownUrl(url)}, namespace ${namespace}`);

  step(2, 'track: the function stays callable as it was');
  const first = track(describeSides, { name: 'describe' });
  show(`describe(2, 3) here, directly: ${first(2, 3)}`);

  step(3, 'push: put it into the registry');
  const pushed = await first.push();
  show(`pushed ${pushed.name} as version ${pushed.version}, ${pushed.bytes} bytes`);

  step(4, 'get and call: by name, as any other program would');
  // This one waits to be told; the other one follows, which is what a handle does by itself.
  const waiting = await get<Describe>('describe', { autoUpdate: false });
  const following = await get<Describe>('describe');
  show(`describe(2, 3): ${await waiting(2, 3)}`);

  step(5, 'push an update, and pull it');
  const updated = await track(describeArea, { name: 'describe' }).push();
  show(`pushed ${updated.name} as version ${updated.version}`);
  show(`the one that follows has version ${following.version}: ${await following(2, 3)}`);
  show(`the one that waits has version ${waiting.version}: ${await waiting(2, 3)}`);
  await waiting.pull();
  show(`after pull() it has version ${waiting.version}: ${await waiting(2, 3)}`);

  step(6, 'downgrade and upgrade: one version down or up');
  await waiting.downgrade();
  show(`after downgrade() version ${waiting.version}: ${await waiting(2, 3)}`);
  await waiting.upgrade();
  show(`after upgrade() version ${waiting.version}: ${await waiting(2, 3)}`);

  step(7, 'delete: gone for everybody');
  await waiting.delete();
  show(await errorOf(() => get('describe')));
  show(await errorOf(() => following(2, 3)));
}

async function errorOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (isScatterError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('a deleted function was found');
}

function step(number: number, title: string): void {
  console.log(`${number === 1 ? '' : '\n'}${number}. ${title}`);
}

function show(line: string): void {
  console.log(`   ${line.replaceAll('\n', '\n   ')}`);
}
