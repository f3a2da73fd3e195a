/** setTimeout and its kin. The worker keeps the clock; a timer that is due is an entry of its own. */

import { GUEST_RECORD } from '../../src/codec/frame-kinds.ts';
import {
  ReflectApply,
  TypedArrayPrototypeGetBuffer,
  Uint8ArrayConstructor,
} from '../../src/codec/primordials.ts';
import { logUncaught } from './console.ts';
import { currentCall, enterCall, type GuestCall } from './entry-call.ts';
import { Float64ArrayConstructor, TypeErrorConstructor } from './guest-primordials.ts';
import { appendRecord, writeWord } from './outbox.ts';

type Callback = (...args: unknown[]) => unknown;

interface Timer {
  readonly call: GuestCall;
  readonly callback: Callback;
  readonly args: unknown[];
  readonly repeats: boolean;
}

const TIMER_BODY = 12;
let timers: Record<number, Timer | undefined> = { __proto__: null } as never;
const delayWord = new Float64ArrayConstructor(1);
const delayBytes = new Uint8ArrayConstructor(TypedArrayPrototypeGetBuffer(delayWord), 0, 8);
let lastTimer = 0;

export function setTimeout(callback: Callback, delay?: number, ...args: unknown[]): number {
  return startTimer(callback, delay, args, false);
}

export function setInterval(callback: Callback, delay?: number, ...args: unknown[]): number {
  return startTimer(callback, delay, args, true);
}

export function setImmediate(callback: Callback, ...args: unknown[]): number {
  return startTimer(callback, 0, args, false);
}

/** Also `clearInterval` and `clearImmediate`; an id that is not running is no error. */
export function clearTimeout(id: number): void {
  if (timers[id] === undefined) return;
  delete timers[id];
  appendRecord(GUEST_RECORD.CLEAR_TIMER, 0, id);
}

/** Runs a timer that is due. */
export function fireTimer(id: number): void {
  const timer = timers[id];
  if (timer === undefined) return;
  if (!timer.repeats) delete timers[id];
  enterCall(timer.call);
  try {
    ReflectApply(timer.callback, undefined, timer.args);
  } catch (thrown) {
    logUncaught(thrown);
  }
}

function startTimer(
  callback: Callback,
  delay: number | undefined,
  args: unknown[],
  repeats: boolean,
): number {
  if (typeof callback !== 'function')
    throw new TypeErrorConstructor('a timer needs a function to call');
  const call = currentCall();
  lastTimer += 1;
  timers[lastTimer] = { call, callback, args, repeats };
  const body = new Uint8ArrayConstructor(TIMER_BODY);
  writeWord(body, 0, call.id);
  delayWord[0] = +(delay ?? 0);
  for (let i = 0; i < 8; i += 1) body[4 + i] = delayBytes[i] as number;
  appendRecord(GUEST_RECORD.TIMER, repeats ? 1 : 0, lastTimer, body);
  return lastTimer;
}

/** The worker has dropped all timers, because no call was open any more. */
export function forgetTimers(): void {
  timers = { __proto__: null } as never;
}
