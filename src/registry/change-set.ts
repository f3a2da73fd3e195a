/**
 * What one write does to a namespace, worked out before anything is written: adapters read, plan
 * here, then apply the plan in one atomic step. A plan that throws has therefore written nothing.
 */
import { ScatterError } from '../errors.ts';
import { checkFunctionName } from '../model/function-name.ts';
import type { VersionInfo } from '../model/version.ts';
import {
  absentFunction,
  addVersion,
  checkExpectedLatest,
  type FunctionState,
  moveAll,
  prune,
  removeFunction,
  repeatLatest,
  rollback,
  setAlias,
} from './function-state.ts';
import type { KeptVersion, LogEntry, PushItem, PushRequest } from './registry.ts';

/**
 * How many entries of the change log a namespace keeps; who was away for longer re-reads all. The id
 * of a push is remembered as long as its entries are.
 */
export const LOG_CAPACITY = 10_000;

/** Everything one write changes. All its log entries carry `epoch`. */
export interface ChangeSet {
  readonly epoch: number;
  readonly at: Date;
  readonly states: readonly FunctionState[];
  readonly added: readonly { readonly info: VersionInfo; readonly blob: Uint8Array }[];
  readonly removed: readonly { readonly name: string; readonly versions: readonly number[] }[];
  readonly log: readonly LogEntry[];
  /** The push to be remembered under its id. */
  readonly push?: { readonly id: string; readonly answer: readonly VersionInfo[] };
}

/** A plan: what the caller is told and what is to be written; no `changes` when nothing is. */
export interface Plan<T> {
  readonly answer: T;
  readonly changes?: ChangeSet;
}

/** Who writes when; `epoch` is the one that the write makes, if it changes anything. */
export interface Moment {
  readonly epoch: number;
  readonly at: Date;
  readonly author: string;
}

/** A function as a push finds it. */
export interface Found {
  readonly state: FunctionState;
  /** The record of the version `latest` points at; undefined when there is no such function. */
  readonly latest: VersionInfo | undefined;
}

type Added = ChangeSet['added'][number];

/**
 * @param find reads a function; undefined for a name that was never used
 * @throws ScatterError `REGISTRY_CONFLICT` or `REF_INVALID`
 */
export function planPush(
  request: PushRequest,
  moment: Moment,
  find: (name: string) => Found | undefined,
): Plan<VersionInfo[]> {
  const answer: VersionInfo[] = [];
  const added: Added[] = [];
  // Later items of one push see what earlier ones did, also to the same name.
  const touched = new Map<string, Found>();
  for (const item of request.items) {
    const before = touched.get(item.name) ?? find(item.name) ?? neverPushed(item.name);
    const { after, made } = pushItem(item, before, request, moment);
    if (after.state !== before.state) touched.set(item.name, after);
    if (made !== undefined) added.push(made);
    if (after.latest !== undefined) answer.push(after.latest);
  }
  if (touched.size === 0) return { answer };
  const states = [...touched.values()].map(({ state }) => state);
  const log = states.map((state) =>
    logEntry(state, moment, { action: 'push', version: state.latest, ...note(request) }),
  );
  const push = { id: request.id, answer };
  return { answer, changes: { ...emptyChange(moment), states, added, log, push } };
}

export function planAlias(
  state: FunctionState,
  alias: string,
  version: number,
  moment: Moment,
): Plan<void> {
  const next = setAlias(state, alias, version);
  return planState(undefined, state, next, moment, { action: 'alias', version, alias });
}

export function planMove(state: FunctionState, version: number, moment: Moment): Plan<void> {
  const next = moveAll(state, version, moment.epoch);
  return planState(undefined, state, next, moment, { action: 'move', version });
}

/** Answers the version that `latest` went back to, as `read` gives its record. */
export function planRollback(
  state: FunctionState,
  moment: Moment,
  read: (version: number) => VersionInfo | undefined,
): Plan<VersionInfo> {
  const next = rollback(state, moment.epoch);
  const version = next.latest;
  const info = read(version);
  if (info === undefined) {
    throw new ScatterError(
      'SCATTER_ERR_REGISTRY_CORRUPT',
      `\`${state.name}\` cannot be rolled back to version ${version}: its record is missing; ` +
        'moveAll goes to another version',
      { function: state.name, version },
    );
  }
  return planState(info, state, next, moment, { action: 'rollback', version });
}

export function planDelete(state: FunctionState, moment: Moment): Plan<void> {
  const next = removeFunction(state);
  const removed = [{ name: state.name, versions: state.versions }];
  return planState(undefined, state, next, moment, { action: 'delete' }, removed);
}

export function planPrune(
  state: FunctionState,
  olderThan: number,
  inUse: readonly number[],
  moment: Moment,
): Plan<{ removed: number[]; kept: KeptVersion[] }> {
  const { state: next, removed, kept } = prune(state, olderThan, inUse);
  const entry = { action: 'prune', version: olderThan } as const;
  const gone = [{ name: state.name, versions: removed }];
  return planState({ removed, kept }, state, next, moment, entry, gone);
}

function pushItem(
  item: PushItem,
  before: Found,
  request: PushRequest,
  moment: Moment,
): { after: Found; made?: Added } {
  const { state, latest } = before;
  checkExpectedLatest(state, item.expectLatest);
  if (latest?.digest === item.digest) {
    return { after: { state: repeatLatest(state, moment.epoch, request.updateExisting), latest } };
  }
  const next = addVersion(state, moment.epoch, request.updateExisting);
  const info = versionInfo(item, next.latest, request, moment.at);
  return { after: { state: next, latest: info }, made: { info, blob: item.blob } };
}

function neverPushed(name: string): Found {
  return { state: absentFunction(checkFunctionName(name)), latest: undefined };
}

function versionInfo(
  item: PushItem,
  version: number,
  request: PushRequest,
  createdAt: Date,
): VersionInfo {
  const { name, digest, bytes, format } = item;
  const { author } = request;
  const requires = [...item.requires];
  return { name, version, digest, createdAt, author, ...note(request), bytes, requires, format };
}

function note({ message }: PushRequest): { message?: string } {
  return message === undefined ? {} : { message };
}

function planState<T>(
  answer: T,
  before: FunctionState,
  after: FunctionState,
  moment: Moment,
  entry: Pick<LogEntry, 'action' | 'version' | 'alias'>,
  removed: ChangeSet['removed'] = [],
): Plan<T> {
  if (after === before) return { answer };
  const log = [logEntry(before, moment, entry)];
  return { answer, changes: { ...emptyChange(moment), states: [after], removed, log } };
}

function logEntry(
  { name }: FunctionState,
  { epoch, at, author }: Moment,
  entry: Pick<LogEntry, 'action' | 'version' | 'alias' | 'message'>,
): LogEntry {
  return { epoch, name, at, author, ...entry };
}

function emptyChange({ epoch, at }: Moment): ChangeSet {
  return { epoch, at, states: [], added: [], removed: [], log: [] };
}
