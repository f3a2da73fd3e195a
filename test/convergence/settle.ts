/** Waits until all subscribers equal the registry, and compares everything with the model. */
import assert from 'node:assert/strict';
import { decodeArtifact } from '../../src/registry/artifact-blob.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { until } from '../redis/servers/until.ts';
import type { ModelRegistry } from './model.ts';
import type { HandleView } from './model-handle.ts';
import type { ModelSubscriber, ModelWorld } from './model-world.ts';
import { pushTo, type RealWorld } from './real-world.ts';
import { outcomeOf, type Subscriber } from './subscriber.ts';

/** The function of which every subscriber has a handle, under this key. */
export const BEACON = 'beacon';
export const BEACON_KEY = 0;

const PATIENCE_MS = 60_000;

/**
 * @param after what is over, for the statistics
 * @param since when that was, on the clock of `performance.now()`
 * @throws Error with all that still differs when it takes too long
 */
export async function converge(
  model: ModelWorld,
  real: RealWorld,
  after: string,
  since: number,
): Promise<void> {
  await untilEqual(model, real);
  real.statistics.converged(after, performance.now() - since);
}

/** Also makes sure that nothing moves any more that should not. */
export async function settle(model: ModelWorld, real: RealWorld): Promise<void> {
  await untilEqual(model, real);
  await pushBeacon(model, real);
  const isSlow = model.subscribers.some(({ impairment }) => impairment === 'slow');
  const after = isSlow ? 'a push, with a slow subscriber' : 'a push, undisturbed';
  await converge(model, real, after, performance.now());
  const version = model.find(BEACON)?.latest ?? 0;
  // Changes nothing, and answers once the subscriber has applied all that is in the registry.
  const looks = well(model, real).map(({ subscriber }) => subscriber.moveAll(BEACON_KEY, version));
  for (const looked of await Promise.all(looks)) assert.deepEqual(looked, { answer: undefined });
  for (const { expected, subscriber } of well(model, real)) {
    const views = new Map(await subscriber.views());
    assert.equal((await wrongs(model.registry, expected, subscriber)).join('\n'), '');
    const look = expected.look(model.registry);
    for (const [key, handle] of expected.handles) {
      handle.settle(look, views.get(key) as HandleView);
    }
    expected.settle(model.registry, await subscriber.heard());
  }
  await checkRegistry(model.registry, real.observer);
}

/** Pushes something new that all subscribers follow. */
export async function pushBeacon(model: ModelWorld, real: RealWorld): Promise<void> {
  const key = model.nextKey();
  const items = [{ name: BEACON, content: `beacon ${key}` }];
  const push = { id: `beacon ${key}`, items, updateExisting: true };
  const expected = model.write((registry, id) => registry.push(push, id));
  assert.deepEqual(await outcomeOf(() => pushTo(real.observer, push)), expected);
}

async function untilEqual(model: ModelWorld, real: RealWorld): Promise<void> {
  let left: string[] = [];
  const isEqual = async () => {
    const found = await Promise.all(
      well(model, real).map(({ expected, subscriber }) =>
        wrongs(model.registry, expected, subscriber),
      ),
    );
    left = found.flat();
    return left.length === 0 || undefined;
  };
  try {
    await until('equal subscribers', isEqual, { withinMs: PATIENCE_MS, everyMs: 2 });
  } catch (cause) {
    const heard = await Promise.all(well(model, real).map(({ subscriber }) => subscriber.heard()));
    const said = heard.flatMap(({ troubles, blocked }) => [...troubles.slice(-3), ...blocked]);
    throw new Error(`not converged:\n${left.join('\n')}\nsaid:\n${said.join('\n')}`, { cause });
  }
}

/** Those of which something can be expected now. */
function well(model: ModelWorld, real: RealWorld) {
  return model.subscribers.flatMap((expected, index) =>
    expected.impairment !== 'paused' ? [{ expected, subscriber: real.seat(index).subscriber }] : [],
  );
}

/** What differs between a subscriber and the model. */
export async function wrongs(
  registry: ModelRegistry,
  expected: ModelSubscriber,
  subscriber: Subscriber,
): Promise<string[]> {
  const views = await subscriber.views();
  const keys = views.map(([key]) => key);
  assert.deepEqual(keys.toSorted(byNumber), [...expected.handles.keys()].toSorted(byNumber));
  const look = expected.look(registry);
  const differing = views.flatMap(([key, view]) => {
    const handle = expected.handles.get(key);
    const allowed = handle?.viewsAfterLook(look).map((one) => JSON.stringify(one)) ?? [];
    if (allowed.includes(JSON.stringify(view))) return [];
    const named = JSON.stringify(handle?.reference);
    return [`${named} is ${JSON.stringify(view)} and should be ${allowed.join(' or ')}`];
  });
  return [...differing, ...expected.wrongWarnings(registry, await subscriber.heard())];
}

async function checkRegistry(model: ModelRegistry, observer: Registry): Promise<void> {
  const stored = await observer.list();
  const functions = await Promise.all(
    stored.map(async ({ name, latest, live, latestVersion, versions, aliases }) => {
      const contents = await contentsOf(observer, name);
      return { name, latest, live, latestVersion, versions, aliases: { ...aliases }, contents };
    }),
  );
  const expected = model.functions().map(([name, found]) => ({
    name,
    latest: found.latest,
    live: found.live,
    latestVersion: found.given,
    versions: [...found.versions.keys()],
    aliases: Object.fromEntries(found.aliases),
    contents: [...found.versions],
  }));
  assert.deepEqual(functions, expected);
  const { epoch } = await observer.head();
  assert.equal(epoch, model.history.length, 'each write that changed something counts once');
}

/** Each version with what its artifact really contains. */
async function contentsOf(observer: Registry, name: string): Promise<[number, string][]> {
  const infos = await observer.versions(name);
  return Promise.all(
    infos.reverse().map(async ({ version, digest }): Promise<[number, string]> => {
      const blob = await observer.artifact(digest);
      assert.ok(blob, `${name}@${version} has an artifact`);
      return [version, decodeArtifact(blob, digest).origin.source];
    }),
  );
}

function byNumber(a: number, b: number): number {
  return a - b;
}
