/**
 * The rules of versions, `latest`, `live` and rollback as pure functions, so that they stand once
 * for all adapters. Each takes a state and returns the next one, or the very same object when
 * nothing changes.
 */
import { ScatterError } from '../errors.ts';
import { checkAlias, checkVersion, LATEST } from '../model/reference.ts';
import type { FunctionRecord, KeptVersion } from './registry.ts';

/** What a registry stores of one function beside its versions' records. */
export interface FunctionState {
  readonly name: string;
  /** The version `latest` points at; 0 when there is no such function (never, or deleted). */
  readonly latest: number;
  /** The version that followers were last told to go to. */
  readonly live: number;
  /** The epoch at which `live` was last set. */
  readonly liveEpoch: number;
  /** The highest number ever given; outlives `delete`, so that no number is given twice. */
  readonly lastVersion: number;
  /** Numbers of the versions that exist, ascending. */
  readonly versions: readonly number[];
  /** Where `latest` pointed before, oldest first; what `rollback` takes from. */
  readonly history: readonly number[];
  /** Aliases but `latest`. */
  readonly aliases: Readonly<Record<string, number>>;
}

/** How many steps `rollback` can go back; older ones are forgotten, so that a state stays small. */
export const HISTORY_CAPACITY = 1000;

/**
 * How many versions a function can have: every instance reads their numbers whenever it changes. With a
 * push a minute it takes ten weeks until old ones are to be removed.
 */
export const MAX_VERSIONS = 100_000;

/** A function that is not there: never pushed, or deleted after `lastVersion` numbers were given. */
export function absentFunction(name: string, lastVersion = 0): FunctionState {
  return {
    name,
    latest: 0,
    live: 0,
    liveEpoch: 0,
    lastVersion,
    versions: [],
    history: [],
    aliases: {},
  };
}

export function functionExists(state: FunctionState): boolean {
  return state.latest > 0;
}

export function toRecord(state: FunctionState, updatedAt: Date): FunctionRecord {
  return {
    name: state.name,
    latest: state.latest,
    live: state.live,
    liveEpoch: state.liveEpoch,
    latestVersion: state.lastVersion,
    versions: [...state.versions],
    aliases: { ...state.aliases },
    updatedAt,
  };
}

/** @throws ScatterError `REGISTRY_CONFLICT` when `latest` is not at `expected` (0: no function) */
export function checkExpectedLatest(
  state: Pick<FunctionState, 'name' | 'latest'>,
  expected: number | undefined,
): void {
  if (expected === undefined || expected === state.latest) return;
  const wanted = expected === 0 ? 'it not to exist' : `its latest to be version ${expected}`;
  const found = state.latest > 0 ? `it is version ${state.latest}` : 'there is no such function';
  throw new ScatterError(
    'SCATTER_ERR_REGISTRY_CONFLICT',
    `pushing \`${state.name}\` expected ${wanted}, but ${found}: somebody else moved it first; ` +
      'look at what changed, then push again',
    { function: state.name, version: state.latest },
  );
}

/**
 * A new version, with `latest` on it. With `updateExisting` it is live as well. The first version of
 * a function always is, since nobody can be following an earlier one.
 *
 * @throws ScatterError `VALUE_TOO_LARGE` for one version more than a function can have
 */
export function addVersion(
  state: FunctionState,
  epoch: number,
  updateExisting: boolean,
): FunctionState {
  if (state.versions.length >= MAX_VERSIONS) throw tooManyVersions(state.name);
  const version = state.lastVersion + 1;
  const added = {
    ...pointLatest(state, version),
    lastVersion: version,
    versions: [...state.versions, version],
  };
  return updateExisting || !functionExists(state) ? pointLive(added, version, epoch) : added;
}

/** What pushing the content of `latest` again does: it makes no version, but it may become live. */
export function repeatLatest(
  state: FunctionState,
  epoch: number,
  updateExisting: boolean,
): FunctionState {
  const settled = !updateExisting || state.live === state.latest;
  return settled ? state : pointLive(state, state.latest, epoch);
}

/** @throws ScatterError `VERSION_NOT_FOUND`, or `REF_INVALID` for a malformed alias and `latest` */
export function setAlias(state: FunctionState, alias: string, version: number): FunctionState {
  checkAlias(alias);
  if (alias === LATEST) {
    throw new ScatterError(
      'SCATTER_ERR_REF_INVALID',
      `\`latest\` of \`${state.name}\` is no alias to set: push, moveAll and rollback move it`,
      { function: state.name },
    );
  }
  checkExists(state, version);
  // Object.hasOwn: `constructor` is a well-formed alias.
  const current = Object.hasOwn(state.aliases, alias) ? state.aliases[alias] : undefined;
  if (current === version) return state;
  return { ...state, aliases: { ...state.aliases, [alias]: version } };
}

/** @throws ScatterError `VERSION_NOT_FOUND` */
export function moveAll(state: FunctionState, version: number, epoch: number): FunctionState {
  checkExists(state, version);
  if (state.latest === version && state.live === version) return state;
  return pointLive(pointLatest(state, version), version, epoch);
}

/** @throws ScatterError `VERSION_NOT_FOUND` when nothing is left to go back to */
export function rollback(state: FunctionState, epoch: number): FunctionState {
  const existing = new Set(state.versions);
  // After a prune the step below may lie on `latest` itself: going there would be no step back.
  const step = state.history.findLastIndex((v) => v !== state.latest && existing.has(v));
  const version = state.history[step];
  if (version === undefined) {
    throw new ScatterError(
      'SCATTER_ERR_VERSION_NOT_FOUND',
      `\`${state.name}\` cannot be rolled back: nothing is left to go back to, \`latest\` stays at ` +
        `version ${state.latest}; moveAll goes to any version`,
      { function: state.name, version: state.latest },
    );
  }
  const back = { ...state, latest: version, history: state.history.slice(0, step) };
  return pointLive(back, version, epoch);
}

/** Leaves only the number counter: a later push continues it and sees nothing else of the old. */
export function removeFunction(state: FunctionState): FunctionState {
  return absentFunction(state.name, state.lastVersion);
}

/** Removes versions below `olderThan` but those that something points at. */
export function prune(
  state: FunctionState,
  olderThan: number,
  inUse: readonly number[],
): { state: FunctionState; removed: number[]; kept: KeptVersion[] } {
  const reasons = keepReasons(state, inUse);
  const below = state.versions.filter((version) => version < olderThan);
  const removed = below.filter((version) => !reasons.has(version));
  const kept = below.flatMap((version) => {
    const reason = reasons.get(version);
    return reason === undefined ? [] : [{ version, reason }];
  });
  if (removed.length === 0) return { state, removed, kept };
  const gone = new Set(removed);
  const stays = (version: number) => !gone.has(version);
  const versions = state.versions.filter(stays);
  const history = state.history.filter(stays);
  return { state: { ...state, versions, history }, removed, kept };
}

function tooManyVersions(name: string): ScatterError {
  return new ScatterError(
    'SCATTER_ERR_VALUE_TOO_LARGE',
    `\`${name}\` has ${MAX_VERSIONS} versions, and no function can have more; remove old ones, as with ` +
      '`scatter rm --older-than`',
    { function: name },
  );
}

function pointLatest(state: FunctionState, version: number): FunctionState {
  if (state.latest === version) return state;
  const left = functionExists(state) ? [...state.history, state.latest] : state.history;
  return { ...state, latest: version, history: left.slice(-HISTORY_CAPACITY) };
}

function pointLive(state: FunctionState, version: number, epoch: number): FunctionState {
  return { ...state, live: version, liveEpoch: epoch };
}

function checkExists(state: FunctionState, version: number): void {
  if (state.versions.includes(checkVersion(version, state.name))) return;
  throw new ScatterError(
    'SCATTER_ERR_VERSION_NOT_FOUND',
    `\`${state.name}\` has no version ${version}; ${describeVersions(state)}`,
    { function: state.name, version },
  );
}

function describeVersions({ versions, lastVersion }: FunctionState): string {
  if (versions.length > 20) return `there are ${versions.length}, the highest is ${lastVersion}`;
  return `there ${versions.length === 1 ? 'is only' : 'are'} ${versions.join(', ')}`;
}

// One reason is enough for each version; the one that says most comes last and wins. `live` counts
// as in use: followers that come back after a pause go there.
function keepReasons(state: FunctionState, inUse: readonly number[]): Map<number, string> {
  const reasons = new Map<number, string>();
  for (const version of [...inUse, state.live]) reasons.set(version, 'in use');
  for (const [alias, version] of Object.entries(state.aliases)) reasons.set(version, alias);
  return reasons.set(state.latest, LATEST);
}
