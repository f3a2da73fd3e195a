/** What subscribers do with their handles, and the writes that they make themselves. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Command, command, pick } from './command.ts';
import type { ModelRegistry } from './model.ts';
import type { ModelHandle, Reference } from './model-handle.ts';
import type { ModelSubscriber, ModelWorld } from './model-world.ts';
import type { RealWorld } from './real-world.ts';
import { BEACON_KEY, wrongs } from './settle.ts';
import type { Subscriber } from './subscriber.ts';
import { ALIASES, doPush, existingOr, NAMES } from './write-commands.ts';

const names = fc.constantFrom(...NAMES);
const which = fc.nat(11);
const autoUpdates = fc.constantFrom(true, true, true, false);
const kinds = fc.constantFrom('latest', 'latest', 'alias', 'version');

/** @param subscribers how many there are */
export function handleCommands(subscribers: number) {
  const who = fc.nat(subscribers - 1);
  const version = fc.nat(7);
  return {
    open: fc
      .record({ who, name: names, kind: kinds, which, autoUpdate: autoUpdates })
      .map((given) => onWell('open handle', given, (one) => openHandle(one, given))),
    pull: fc
      .record({ who, which })
      .map((given) => onHandle('pull handle', given, (one) => pull(one))),
    pin: fc
      .record({ who, which, version })
      .map((given) => onHandle('pin handle', given, (one) => pin(one, given.version))),
    pullWhilePushing: fc
      .record({ who, which, number: fc.option(version, { nil: undefined }), isAfter: fc.boolean() })
      .map((given) =>
        onHandle('pull while pushing', given, (one, real) => pullWhilePushing(one, real, given)),
      ),
    step: fc
      .record({ who, which, by: fc.constantFrom(1 as const, -1 as const) })
      .map((given) => onHandle('step handle', given, (one) => step(one, given.by))),
    release: fc.record({ who, which }).map((given) => onHandle('release handle', given, release)),
    ownMove: fc
      .record({ who, which, version })
      .map((given) => onHandle('own move all', given, (one) => ownMove(one, given.version))),
    ownPush: fc
      .record({ who, name: names, content: fc.nat(3), updateExisting: fc.boolean() })
      .map((given) => onWell('own push', given, (one) => ownPush(one, given))),
    ownRollback: fc
      .record({ who, which })
      .map((given) => onHandle('own rollback', given, ownRollback)),
    ownAlias: fc
      .record({ who, which, alias: fc.constantFrom(...ALIASES), version })
      .map((given) => onHandle('own alias', given, (one) => ownAlias(one, given))),
  };
}

interface OneSubscriber {
  readonly model: ModelWorld;
  readonly expected: ModelSubscriber;
  readonly subscriber: Subscriber;
}

interface OneHandle extends OneSubscriber {
  readonly key: number;
  readonly handle: ModelHandle;
}

function onWell(
  kind: string,
  given: { readonly who: number },
  run: (one: OneSubscriber, real: RealWorld) => Promise<unknown>,
): Command {
  return command(
    kind,
    given,
    (model, real) => run(subscriberOf(model, real, given.who), real),
    (model) => model.subscribers[given.who]?.impairment !== 'paused',
  );
}

/** On any handle but that of the beacon. */
function onHandle(
  kind: string,
  given: { readonly who: number; readonly which: number },
  run: (one: OneHandle, real: RealWorld) => Promise<unknown>,
): Command {
  return onWell(kind, given, async (one, real) => {
    const handles = [...one.expected.handles].filter(([key]) => key !== BEACON_KEY);
    const picked = pick(handles, given.which);
    if (picked === undefined) return false;
    const [key, handle] = picked;
    return run({ ...one, key, handle }, real);
  });
}

export function subscriberOf(model: ModelWorld, real: RealWorld, who: number): OneSubscriber {
  const expected = model.subscribers[who];
  if (expected === undefined) throw new Error(`there is no subscriber ${who}`);
  return { model, expected, subscriber: real.seat(who).subscriber };
}

export async function openHandle(
  { model, expected, subscriber }: OneSubscriber,
  given: { name: string; kind: string; which: number; autoUpdate: boolean },
): Promise<void> {
  const reference = referenceOf(model, given);
  const { autoUpdate } = given;
  const key = model.nextKey();
  const wanted = expected.open(key, model.registry, reference, autoUpdate);
  const opened = await subscriber.open({ key, reference: textOf(reference), autoUpdate });
  assert.deepEqual(opened, wanted);
}

function referenceOf(
  model: ModelWorld,
  { name, kind, which }: { name: string; kind: string; which: number },
): Reference {
  if (kind === 'version') return { name, version: existingOr(model, name, which) };
  return kind === 'alias' ? { name, alias: pick(ALIASES, which) } : { name };
}

export function textOf({ name, alias, version }: Reference): string {
  const rest = version ?? alias;
  return rest === undefined ? name : `${name}@${rest}`;
}

async function pull(
  one: OneHandle,
  version?: number,
  states: readonly ModelRegistry[] = [one.model.registry],
): Promise<void> {
  const { handle, subscriber, key } = one;
  const allowed = handle.pull(states, version).map((outcome) => JSON.stringify(outcome));
  const outcome = await subscriber.pull(key, version);
  assert.ok(allowed.includes(JSON.stringify(outcome)), `${JSON.stringify(outcome)} of ${allowed}`);
  handle.pulled(states, version, outcome);
}

/** It may meet the registry before or after the push, and must not miss it in either case. */
async function pullWhilePushing(
  one: OneHandle,
  real: RealWorld,
  given: { readonly number: number | undefined; readonly isAfter: boolean },
): Promise<void> {
  const { model, handle } = one;
  const { name } = handle;
  const before = model.registry;
  const version = given.number === undefined ? undefined : existingOr(model, name, given.number);
  const content = `while pulled ${model.nextKey()}`;
  const push = { id: content, items: [{ name, content }], updateExisting: true };
  const pushing = doPush(model, real, push);
  if (given.isAfter) await pushing;
  const states = given.isAfter ? [model.registry] : [before, model.registry];
  await Promise.all([pushing, pull(one, version, states)]);
}

function pin(one: OneHandle, number: number): Promise<void> {
  return pull(one, existingOr(one.model, one.handle.name, number));
}

async function step({ model, handle, subscriber, key }: OneHandle, by: 1 | -1): Promise<void> {
  const allowed = handle.step(model.registry, by).map((one) => JSON.stringify(one));
  const outcome = await subscriber.step(key, by);
  assert.ok(allowed.includes(JSON.stringify(outcome)), `${JSON.stringify(outcome)} of ${allowed}`);
  handle.stepped(model.registry, by, outcome);
}

async function release({ expected, subscriber, key }: OneHandle): Promise<void> {
  expected.handles.delete(key);
  await subscriber.release(key);
}

async function ownMove(one: OneHandle, number: number): Promise<void> {
  const { model, handle, subscriber, key } = one;
  const { name } = handle;
  const version = existingOr(model, name, number);
  const wanted = model.write((registry, id) => registry.moveAll(name, version, id));
  assert.deepEqual(await subscriber.moveAll(key, version), wanted);
  await ownWriteIsSeen(one, wanted);
}

/** Of code that comes as text: it is what the handles show as their source. */
async function ownPush(
  one: OneSubscriber,
  given: { readonly name: string; readonly content: number; readonly updateExisting: boolean },
): Promise<void> {
  const { model, subscriber } = one;
  const { name, updateExisting } = given;
  const content = `export default () => ${given.content}`;
  const push = { id: `own ${model.nextKey()}`, items: [{ name, content }], updateExisting };
  const wanted = model.write((registry, id) => registry.push(push, id));
  const version = 'answer' in wanted ? wanted.answer[0]?.version : undefined;
  const outcome = await subscriber.pushSource(name, content, updateExisting);
  assert.deepEqual(outcome, { answer: version });
  await ownWriteIsSeen(one, wanted);
}

async function ownRollback(one: OneHandle): Promise<void> {
  const { model, handle, subscriber, key } = one;
  const wanted = model.write((registry, id) => registry.rollback(handle.name, id));
  assert.deepEqual(await subscriber.rollback(key), wanted);
  await ownWriteIsSeen(one, wanted);
}

async function ownAlias(
  one: OneHandle,
  { alias, version }: { alias: string; version: number },
): Promise<void> {
  const { model, handle, subscriber } = one;
  const { name } = handle;
  const target = existingOr(model, name, version);
  const wanted = model.write((registry, id) => registry.setAlias(name, alias, target, id));
  assert.deepEqual(await subscriber.setAlias(name, alias, target), wanted);
  await ownWriteIsSeen(one, wanted);
}

/** The handles of whoever writes serve it when the write resolves. */
async function ownWriteIsSeen(
  { model, expected, subscriber }: OneSubscriber,
  outcome: object,
): Promise<void> {
  if ('refused' in outcome) return;
  assert.equal((await wrongs(model.registry, expected, subscriber)).join('\n'), '');
}
