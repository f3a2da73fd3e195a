/** setTimeout and its kin. The worker keeps the clock; a timer that is due is an entry of its own. */

import { GUEST_RECORD, MAX_TIMERS } from '../../src/codec/frame-kinds.ts';
import {
  NumberOf,
  ReflectApply,
  TypedArrayPrototypeGetBuffer,
  Uint8ArrayConstructor,
} from '../../src/codec/primordials.ts';
import { logUncaught } from './console.ts';
import { currentCall, enterCall, type GuestCall } from './entry-call.ts';
import {
  Float64ArrayConstructor,
  RangeErrorConstructor,
  TypeErrorConstructor,
} from './guest-primordials.ts';
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
let running = 0;

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
export function clearTimeout(id: unknown): void {
  // Made a number once: an object's own code would run again and again, also while a record is written.
  const timer = typeof id === 'string' ? NumberOf(id) : id;
  if (typeof timer !== 'number' || timers[timer] === undefined) return;
  forgetTimer(timer);
  appendRecord(GUEST_RECORD.CLEAR_TIMER, 0, timer);
}

/** Runs a timer that is due. */
export function fireTimer(id: number): void {
  const timer = timers[id];
  if (timer === undefined) return;
  if (!timer.repeats) forgetTimer(id);
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
  if (running >= MAX_TIMERS) {
    throw new RangeErrorConstructor(`there are more than ${MAX_TIMERS} timers that have not ended`);
  }
  // An object's own code may start timers, too: before anything is begun here.
  const ms = +(delay ?? 0);
  const call = currentCall();
  lastTimer += 1;
  const id = lastTimer;
  running += 1;
  timers[id] = { call, callback, args, repeats };
  const body = new Uint8ArrayConstructor(TIMER_BODY);
  writeWord(body, 0, call.id);
  delayWord[0] = ms;
  for (let i = 0; i < 8; i += 1) body[4 + i] = delayBytes[i] as number;
  appendRecord(GUEST_RECORD.TIMER, repeats ? 1 : 0, id, body);
  return id;
}

function forgetTimer(id: number): void {
  delete timers[id];
  running -= 1;
}

/** The worker has dropped all timers, because no call was open any more. */
export function forgetTimers(): void {
  timers = { __proto__: null } as never;
  running = 0;
}
