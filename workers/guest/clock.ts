/**
 * The guest's `performance`, as High Resolution Time has it, but in whole milliseconds: a finer clock
 * would help to listen at side channels.
 */
import { MathMax } from '../../src/codec/primordials.ts';
import { DateNow } from './guest-primordials.ts';

const timeOrigin = DateNow();
let lastElapsed = 0;

/** Milliseconds since the isolate was made; never less than before, also when the system's clock is set back. */
export function elapsedMs(): number {
  lastElapsed = MathMax(lastElapsed, DateNow() - timeOrigin);
  return lastElapsed;
}

export const guestPerformance = {
  timeOrigin,
  now: (): number => elapsedMs(),
};
