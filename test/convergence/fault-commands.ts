/** What goes wrong: with the network of one subscriber, of the writer, and with the store itself. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { command } from './command.ts';
import { textOf } from './handle-commands.ts';
import type { Impairment, ModelWorld } from './model-world.ts';
import type { RealWorld } from './real-world.ts';
import { BEACON, BEACON_KEY, converge, pushBeacon, settle } from './settle.ts';
import { doPush, NAMES } from './write-commands.ts';

/** @param subscribers how many there are */
export function faultCommands(subscribers: number, impairments: readonly Impairment[]) {
  const who = fc.nat(subscribers - 1);
  return {
    impair: fc.record({ who, impairment: fc.constantFrom(...impairments) }).map((given) =>
      command(
        `${given.impairment} subscriber`,
        given,
        (model, real) => impair(model, real, given),
        (model) => model.subscribers[given.who]?.impairment === undefined,
      ),
    ),
    resume: fc.record({ who }).map((given) =>
      command(
        'resume subscriber',
        given,
        (model, real) => resume(model, real, given.who),
        (model) => model.subscribers[given.who]?.impairment !== undefined,
      ),
    ),
    restart: fc
      .record({ who })
      .map((given) =>
        command('restart subscriber', given, (model, real) => restart(model, real, given.who)),
      ),
    fork: fc
      .record({ who, lost: fc.integer({ min: 1, max: 3 }), grown: fc.integer({ min: 1, max: 4 }) })
      .map((given) =>
        command(
          'fork',
          given,
          (model, real) => fork(model, real, given),
          (model) => model.subscribers[given.who]?.impairment === undefined,
        ),
      ),
    settle: fc.constant(command('settle', {}, settle)),
    writer: fc
      .record({ fault: fc.constantFrom('stalled' as const, 'slow' as const) })
      .map((given) =>
        command(`${given.fault} writer`, given, (model, real) => disturb(model, real, given.fault)),
      ),
    ...storeFaultCommands,
  };
}

const pushes = fc.record({ push: fc.boolean() });
/** Without waiting, what follows meets subscribers that have not noticed. */
const losses = fc.record({ push: fc.boolean(), wait: fc.boolean() });

const storeFaultCommands = {
  killWriter: fc
    .record({ done: fc.integer({ min: 1, max: 6 }), turns: fc.nat(30) })
    .map((given) => command('kill writer', given, (model, real) => killWriter(model, real, given))),
  backup: fc.constant(command('backup', {}, backup)),
  restore: losses.map((given) =>
    command(
      'restore backup',
      given,
      (model, real) => restore(model, real, given),
      (model) => model.backup !== undefined,
    ),
  ),
  kill: pushes.map((given) =>
    command('kill server, keep data', given, async (model, real) => {
      await real.run.crash?.({ loseData: false });
      return afterFault(model, real, 'server killed, data kept', given);
    }),
  ),
  killWhilePushing: fc.record({ turns: fc.nat(40) }).map((given) =>
    command('kill server while pushing', given, async (model, real) => {
      const pushing = doPush(model, real, somePush(model));
      // So many turns of the event loop into it, which is somewhere in the middle.
      for (let turn = 0; turn < given.turns; turn++) await new Promise(setImmediate);
      await Promise.all([real.run.crash?.({ loseData: false }), pushing]);
      return afterFault(model, real, 'server killed while pushing', { push: true });
    }),
  ),
  lose: losses.map((given) =>
    command('kill server, lose data', given, async (model, real) => {
      await real.run.crash?.({ loseData: true });
      model.lose();
      return afterFault(model, real, 'server killed, data lost', given);
    }),
  ),
};

/** The pushes that were done are the first ones, each of them wholly, and those that were confirmed. */
async function killWriter(
  model: ModelWorld,
  real: RealWorld,
  given: { readonly done: number; readonly turns: number },
): Promise<unknown> {
  const pushes = Array.from({ length: 20 }, () => somePush(model));
  const told = await real.run.killWriter?.(pushes, given);
  if (told === undefined) return false;
  const [{ items: [first] = [] } = {}] = pushes;
  const before = model.find(first?.name ?? '')?.given ?? 0;
  const found = await real.observer.find(first?.name ?? '');
  const done = (found?.latestVersion ?? 0) - before;
  assert.ok(told.length <= done, `${told.length} were confirmed, ${done} are there`);
  for (const push of pushes.slice(0, done)) model.write((registry, id) => registry.push(push, id));
  // It is not known whether these were done: the same ids give the same versions.
  for (const push of pushes.slice(told.length, done + 1)) await doPush(model, real, push);
  return afterFault(model, real, 'writer killed', { push: true });
}

/** Starts a subscriber with a handle of the beacon. */
export async function startSubscriber(
  model: ModelWorld,
  real: RealWorld,
  who: number,
): Promise<void> {
  const { subscriber, place } = real.seat(who);
  const expected = model.subscribers[who];
  await subscriber.start(place);
  expected?.start(model.registry);
  const opened = await subscriber.open({ key: BEACON_KEY, reference: BEACON, autoUpdate: true });
  assert.deepEqual(opened, expected?.open(BEACON_KEY, model.registry, { name: BEACON }, true));
}

async function backup(model: ModelWorld, real: RealWorld): Promise<void> {
  real.restore = await real.run.backup();
  model.backup = model.registry;
}

async function restore(
  model: ModelWorld,
  real: RealWorld,
  given: { readonly push: boolean; readonly wait: boolean },
): Promise<unknown> {
  if (model.backup === undefined) return false;
  await real.restore?.();
  model.lose(model.backup);
  return afterFault(model, real, 'an older state restored', given);
}

/** The registry goes back and grows again while a subscriber is away that had seen what is lost. */
async function fork(
  model: ModelWorld,
  real: RealWorld,
  { who, lost, grown }: { who: number; lost: number; grown: number },
): Promise<void> {
  await backup(model, real);
  for (let n = 0; n < lost; n++) await doPush(model, real, somePush(model));
  await converge(model, real, 'a push, undisturbed', performance.now());
  await impair(model, real, { who, impairment: 'paused' });
  await restore(model, real, { push: false, wait: false });
  for (let n = 0; n < grown; n++) await doPush(model, real, somePush(model));
  await resume(model, real, who);
}

async function impair(
  model: ModelWorld,
  real: RealWorld,
  { who, impairment }: { who: number; impairment: Impairment },
): Promise<void> {
  const expected = model.subscribers[who];
  await real.seat(who).impair(impairment);
  // After a cut it connects again by itself.
  if (impairment === 'cut') return afterFault(model, real, 'subscriber cut', { push: true });
  real.statistics.fault(`subscriber ${impairment}`);
  if (expected !== undefined) expected.impairment = impairment;
}

/** What it suffered from is over. */
export async function resume(model: ModelWorld, real: RealWorld, who: number): Promise<void> {
  const expected = model.subscribers[who];
  const impairment = expected?.impairment;
  if (expected === undefined || impairment === undefined) return;
  await pushBeacon(model, real);
  await real.seat(who).heal();
  expected.impairment = undefined;
  await converge(model, real, `subscriber ${impairment}`, performance.now());
}

/** Its handles are opened again, as a program does that starts. */
async function restart(model: ModelWorld, real: RealWorld, who: number): Promise<void> {
  const expected = model.subscribers[who];
  const { subscriber } = real.seat(who);
  if (expected === undefined) return;
  await real.seat(who).heal();
  await subscriber.stop();
  if (model.find(BEACON) === undefined) await pushBeacon(model, real);
  const since = performance.now();
  const before = [...expected.handles].filter(([key]) => key !== BEACON_KEY);
  await startSubscriber(model, real, who);
  for (const [key, { reference, autoUpdate }] of before) {
    const wanted = expected.open(key, model.registry, reference, autoUpdate);
    const opened = await subscriber.open({ key, reference: textOf(reference), autoUpdate });
    assert.deepEqual(opened, wanted);
  }
  real.statistics.fault('subscriber restarted');
  await converge(model, real, 'subscriber restarted', since);
}

async function disturb(
  model: ModelWorld,
  real: RealWorld,
  fault: 'stalled' | 'slow',
): Promise<unknown> {
  const { writerFaults } = real.run;
  if (writerFaults === undefined) return false;
  const work = () => doPush(model, real, somePush(model));
  if (fault === 'stalled') await writerFaults.stallDuring(work);
  else await writerFaults.slowDuring(work);
  return afterFault(model, real, `writer ${fault}`, { push: true });
}

/** Measures how long the subscribers need to learn of the fault, or else of a push after it. */
async function afterFault(
  model: ModelWorld,
  real: RealWorld,
  fault: string,
  { push, wait = false }: { readonly push: boolean; readonly wait?: boolean },
): Promise<void> {
  real.statistics.fault(fault);
  const since = performance.now();
  if (push) await pushBeacon(model, real);
  if (push || wait) await converge(model, real, fault, since);
}

function somePush(model: ModelWorld) {
  const key = model.nextKey();
  const items = NAMES.slice(0, 2).map((name) => ({ name, content: `at fault ${key}` }));
  return { id: `at fault ${key}`, items, updateExisting: true };
}
