import { WATCH_STATE } from '../codec/watch-slot.ts';
import { ScatterError } from '../errors.ts';
import type { GuestFunction } from '../model/guest-function.ts';
import type { PendingCall } from './call.ts';
import { timeoutError } from './call-error.ts';
import type { ExecutorEnd } from './executor.ts';
import type { LaneIsolate } from './lane-isolate.ts';

/** What becomes of an ended executor's calls. */
export interface Losses {
  /** Calls that had begun, with the error each gets. */
  readonly failed: { readonly call: PendingCall; readonly error: ScatterError }[];
  /** Calls that had not: they go to another executor and nobody notices. */
  readonly unbegun: PendingCall[];
}

/** Sorts the calls of an executor that has ended by what the watch file says of them. */
export function settleLosses(end: ExecutorEnd): Losses {
  const failed: Losses['failed'] = [];
  const unbegun: PendingCall[] = [];
  const lastBegun = end.executor.lastBegun();
  for (const [index, lane] of end.executor.lanes.entries()) {
    const { begun, rest } = lane.abandon(lastBegun[index]);
    for (const [id, call] of begun) failed.push({ call, error: errorFor(end, index, id, call) });
    for (const [call, isolate] of rest) {
      // Their function hangs as it is loaded: elsewhere it would do the same.
      if (isHungLoad(end, isolate)) failed.push({ call, error: loadLossError(end, isolate) });
      else unbegun.push(call);
    }
  }
  return { failed, unbegun };
}

function errorFor(end: ExecutorEnd, lane: number, id: number, call: PendingCall): ScatterError {
  const { killed } = end;
  const isCulprit =
    killed?.kind === 'overdue' &&
    killed.lane === lane &&
    killed.slot.state === WATCH_STATE.CALL &&
    killed.slot.callId === id;
  const { target, limits } = call.request;
  return isCulprit ? timeoutError(target, limits) : crashError(end, target, true);
}

/** What a load fails with that was under way: the one that hung is to blame, others may try again. */
export function loadLossError(end: ExecutorEnd, isolate: LaneIsolate): ScatterError {
  const { target, cpuMs } = isolate.use;
  if (isHungLoad(end, isolate)) return timeoutError(target, { cpuMs, timeoutMs: cpuMs });
  return crashError(end, target, false);
}

function isHungLoad({ killed }: ExecutorEnd, isolate: LaneIsolate): boolean {
  if (killed?.kind !== 'overdue' || killed.slot.state !== WATCH_STATE.LOAD) return false;
  return killed.slot.isolateId === isolate.id;
}

/** `EXECUTOR_CRASHED` for a call or a load of `target`. */
export function crashError(end: ExecutorEnd, target: GuestFunction, begun: boolean): ScatterError {
  const what = `\`${target.name}@${target.version}\``;
  const advice = begun
    ? 'it may have done part of its work: call again only if that does no harm'
    : 'it had not begun: call again';
  return new ScatterError(
    'SCATTER_ERR_EXECUTOR_CRASHED',
    `the executor process ended during ${what} (${howItEnded(end)}); ${advice}`,
    {
      begun,
      retryable: !begun,
      function: target.name,
      version: target.version,
    },
  );
}

function howItEnded(end: ExecutorEnd): string {
  switch (end.killed?.kind) {
    case 'overdue':
      return 'killed because another function could not be interrupted';
    case 'memory':
      return `killed at ${Math.round(end.killed.mb)} MB, over pool.memoryMb`;
    case 'silent':
      return 'killed because it gave no sign';
    case 'broken':
      return `killed because its frames made no sense: ${String(end.killed.error)}`;
    default:
      // No guest ran yet, and what stands there says what keeps it from starting.
      return end.stillborn && end.stderr !== '' ? `${end.how}: ${end.stderr}` : end.how;
  }
}
