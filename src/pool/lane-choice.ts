import type { PendingCall } from './call.ts';
import type { Costs } from './costs.ts';
import type { Lane } from './lane.ts';
import { type IsolateUse, isolateKey } from './lane-isolate.ts';

/** Unanswered calls and bytes that one lane takes; the rest waits in the host. */
const LANE_CALLS = 128;
const LANE_BYTES = 4 * 1024 * 1024;
// What a lane with a warm isolate may be longer by and still be preferred.
const COLD = 8;
const BESIDE_SLOW = 1000;

/** The lane that `call` goes to now, or undefined if it must wait. */
export function chooseLane(
  call: PendingCall,
  lanes: readonly Lane[],
  costs: Costs,
): Lane | undefined {
  const { target, nested } = call.request;
  const cautious = costs.isSlow(target) || !costs.isMeasured(target);
  // Functions that are slow or may be share the second half of the lanes, so that the first is never
  // blocked by them.
  const candidates = cautious ? secondHalf(lanes) : lanes;
  if (!nested && candidates.every(isFull)) return undefined;
  const key = isolateKey(useOf(call));
  let best: Lane | undefined;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const lane of candidates) {
    const isCold = !lane.isolates.has(key);
    if (!nested && !hasRoom(lane, call, cautious, isCold)) continue;
    const score = scoreOf(lane, isCold, costs);
    if (score >= bestScore) continue;
    best = lane;
    bestScore = score;
  }
  return best;
}

/** The same for a suspect: one call at a time, and those that it waits for. */
export function chooseLaneApart(call: PendingCall, lanes: readonly Lane[]): Lane | undefined {
  return lanes.find((lane) => call.request.nested || lane.unanswered === 0);
}

/** What the call's isolate is for. */
export function useOf(call: PendingCall): IsolateUse {
  const { target, partition, limits } = call.request;
  return { target, partition, memoryMb: limits.memoryMb, cpuMs: limits.cpuMs };
}

/** Those that functions of which nothing good is known are loaded on and run on. */
export function secondHalf(lanes: readonly Lane[]): readonly Lane[] {
  return lanes.slice(lanes.length >> 1);
}

function isFull(lane: Lane): boolean {
  return lane.unanswered >= LANE_CALLS;
}

function hasRoom(lane: Lane, call: PendingCall, cautious: boolean, isCold: boolean): boolean {
  const { request } = call;
  if (lane.unanswered === 0) return true;
  if (isFull(lane)) return false;
  const load = isCold || request.limits.freshIsolate ? request.target.artifact.code.length : 0;
  if (lane.unansweredBytes + request.args.byteLength + load > LANE_BYTES) return false;
  // One at a time until it is known how long it takes: what hangs takes nobody with it.
  return !(cautious && lane.functions.has(request.target));
}

function scoreOf(lane: Lane, isCold: boolean, costs: Costs): number {
  let score = lane.unanswered + (isCold ? COLD : 0);
  for (const target of lane.functions.keys()) if (costs.isSlow(target)) score += BESIDE_SLOW;
  return score;
}
