/** Everything that changes a registry, by one writer after the other or by many at once. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Registry } from '../../src/registry/registry.ts';
import { command, pick } from './command.ts';
import type { Made, ModelPush, ModelRegistry, Outcome, Written } from './model.ts';
import type { ModelWorld } from './model-world.ts';
import { pushTo, type RealWorld } from './real-world.ts';
import type { Cut } from './store.ts';
import { outcomeOf } from './subscriber.ts';

export const NAMES = ['alpha', 'beta', 'gamma'] as const;
export const ALIASES = ['stable', 'next'] as const;
const AUTHOR = 'model';

const names = fc.constantFrom(...NAMES);
const aliases = fc.constantFrom(...ALIASES);
/** Few, so that older content comes again. */
const contents = fc.integer({ min: 1, max: 4 }).map((number) => `content ${number}`);
const numbers = fc.nat(7);
/** Somewhere within the bytes of a write and its answer, or behind them. */
const cuts: fc.Arbitrary<Cut | undefined> = fc.option(
  fc.record({
    direction: fc.constantFrom('toServer' as const, 'toClient' as const),
    after: fc.nat(2500),
  }),
  { nil: undefined, freq: 3 },
);

export const writeCommands = {
  push: fc
    .record({
      name: names,
      content: contents,
      updateExisting: fc.boolean(),
      expect: fc.constantFrom('nothing', 'nothing', 'latest', 'another'),
      cut: cuts,
    })
    .map((given) => command('push', given, (model, real) => push(model, real, given))),
  pushMany: fc
    .record({
      items: fc.array(fc.record({ name: names, content: contents }), {
        minLength: 2,
        maxLength: 4,
      }),
      updateExisting: fc.boolean(),
      cut: cuts,
    })
    .map((given) => command('push many', given, (model, real) => pushMany(model, real, given))),
  delete: fc
    .record({ name: names, cut: cuts })
    .map((given) => command('delete', given, (model, real) => remove(model, real, given))),
  prune: fc
    .record({ name: names, olderThan: numbers, cut: cuts })
    .map((given) => command('prune', given, (model, real) => prune(model, real, given))),
  moveAll: fc
    .record({ name: names, version: numbers, cut: cuts })
    .map((given) => command('move all', given, (model, real) => moveAll(model, real, given))),
  rollback: fc
    .record({ name: names, cut: cuts })
    .map((given) => command('rollback', given, (model, real) => rollback(model, real, given))),
  alias: fc
    .record({ name: names, alias: aliases, version: numbers, cut: cuts })
    .map((given) => command('alias', given, (model, real) => setAlias(model, real, given))),
  race: fc
    .record({ name: names, pushers: fc.integer({ min: 2, max: 6 }), alsoBeta: fc.boolean() })
    .map((given) =>
      command('concurrent pushers', given, (model, real) => race(model, real, given)),
    ),
};

/** A push to the model and to the registry, which must agree, also when it is done once more. */
export async function doPush(
  model: ModelWorld,
  real: RealWorld,
  push: ModelPush,
  cut?: Cut,
): Promise<void> {
  const expected = model.write((registry, id) => registry.push(push, id));
  const pushed = (registry: Registry) => outcomeOf(() => pushTo(registry, push));
  assert.deepEqual(await real.write(pushed, cut), expected);
  if (cut !== undefined && 'answer' in expected) {
    assert.deepEqual(await pushed(real.observer), expected, 'the same id gives the same versions');
  }
}

function push(
  model: ModelWorld,
  real: RealWorld,
  given: {
    readonly name: string;
    readonly content: string;
    readonly updateExisting: boolean;
    readonly expect: string;
    readonly cut: Cut | undefined;
  },
): Promise<void> {
  const { name, content, updateExisting, expect, cut } = given;
  const latest = model.find(name)?.latest ?? 0;
  const expectLatest = expect === 'another' ? latest + 1 : latest;
  const item = { name, content, ...(expect !== 'nothing' && { expectLatest }) };
  const id = `push ${model.nextKey()}`;
  return doPush(model, real, { id, items: [item], updateExisting }, cut);
}

async function write<T>(
  model: ModelWorld,
  real: RealWorld,
  cut: Cut | undefined,
  o: {
    readonly plan: (registry: ModelRegistry, id: number) => Written<T>;
    readonly run: (registry: Registry) => Promise<unknown>;
  },
): Promise<void> {
  const expected = model.write(o.plan);
  const outcome = await real.write((registry) => outcomeOf(() => o.run(registry)), cut);
  assert.deepEqual(outcome, expected);
}

function pushMany(
  model: ModelWorld,
  real: RealWorld,
  { cut, ...given }: Omit<ModelPush, 'id'> & { readonly cut: Cut | undefined },
): Promise<void> {
  return doPush(model, real, { id: `many ${model.nextKey()}`, ...given }, cut);
}

function remove(
  model: ModelWorld,
  real: RealWorld,
  { name, cut }: { name: string; cut: Cut | undefined },
): Promise<void> {
  return write(model, real, cut, {
    plan: (registry, id) => registry.delete(name, id),
    run: (registry) => registry.delete(name, AUTHOR),
  });
}

function rollback(
  model: ModelWorld,
  real: RealWorld,
  { name, cut }: { name: string; cut: Cut | undefined },
): Promise<void> {
  return write(model, real, cut, {
    plan: (registry, id) => registry.rollback(name, id),
    run: async (registry) => (await registry.rollback(name, AUTHOR)).version,
  });
}

function prune(
  model: ModelWorld,
  real: RealWorld,
  { name, olderThan, cut }: { name: string; olderThan: number; cut: Cut | undefined },
): Promise<void> {
  return write(model, real, cut, {
    plan: (registry, id) => registry.prune(name, olderThan, id),
    run: async (registry) => {
      const { removed, kept } = await registry.prune(name, olderThan, [], AUTHOR);
      return { removed, kept: kept.map(({ version }) => version) };
    },
  });
}

function moveAll(
  model: ModelWorld,
  real: RealWorld,
  { name, version, cut }: { name: string; version: number; cut: Cut | undefined },
): Promise<void> {
  const target = existingOr(model, name, version);
  return write(model, real, cut, {
    plan: (registry, id) => registry.moveAll(name, target, id),
    run: (registry) => registry.moveAll(name, target, AUTHOR),
  });
}

function setAlias(
  model: ModelWorld,
  real: RealWorld,
  given: { name: string; alias: string; version: number; cut: Cut | undefined },
): Promise<void> {
  const { name, alias, cut } = given;
  const target = existingOr(model, name, given.version);
  return write(model, real, cut, {
    plan: (registry, id) => registry.setAlias(name, alias, target, id),
    run: (registry) => registry.setAlias(name, alias, target, AUTHOR),
  });
}

/** Mostly a version that exists, sometimes one that does not. */
export function existingOr(model: ModelWorld, name: string, number: number): number {
  const versions = [...(model.find(name)?.versions.keys() ?? [])];
  const missing = (versions.at(-1) ?? 0) + 1;
  return number === 0 ? missing : (pick(versions, number) ?? missing);
}

/** In which order they came is seen by the versions they got: in that order the model does it, too. */
async function race(
  model: ModelWorld,
  real: RealWorld,
  { name, pushers, alsoBeta }: { name: string; pushers: number; alsoBeta: boolean },
): Promise<void> {
  const registries = await real.pushers(pushers);
  const racing = registries.map(async (registry) => {
    const content = `of pusher ${model.nextKey()}`;
    const items = [{ name, content }];
    if (alsoBeta && name !== 'beta') items.push({ name: 'beta', content });
    const push = { id: content, items, updateExisting: true };
    return { push, outcome: await outcomeOf(() => pushTo(registry, push)) };
  });
  const raced = await Promise.all(racing);
  const inOrder = raced.toSorted((a, b) => versionOf(a.outcome) - versionOf(b.outcome));
  for (const { push, outcome } of inOrder) {
    assert.deepEqual(
      outcome,
      model.write((registry, id) => registry.push(push, id)),
    );
  }
}

function versionOf(outcome: Outcome<readonly Made[]>): number {
  return 'answer' in outcome ? (outcome.answer[0]?.version ?? 0) : 0;
}
