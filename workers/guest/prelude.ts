/**
 * The last file of the guest's prelude: the one function through which the worker enters an isolate.
 * Guest code cannot reach it.
 */
import { decodeValue } from '../../src/codec/decode.ts';
import { ENTRY, FURNISHED } from '../../src/codec/frame-kinds.ts';
import { loadFunction, runCall } from './calls.ts';
import { readInbox, useInbox } from './inbox.ts';
import { useLibraries } from './libraries.ts';
import { flushRecords, useOutbox } from './outbox.ts';
import { keepSeed } from './random-seed.ts';
import { answerRequest, forgetRequests } from './requests.ts';
import { fireTimer, forgetTimers } from './timers.ts';
import { furnishFetch } from './web-fetch.ts';
import { furnishEnvironment, furnishWorld } from './world.ts';

/** Names and values of variables, random bytes, and which capability is `fetch`. */
type Environment = [names: string[], values: string[], seed: Uint8Array, fetchIndex: number];

furnishWorld();

/**
 * One entry; what it has to say it leaves in the outbox. `alone` is 1 for a call that begins while no
 * other is open: what earlier ones left running has ended then.
 */
export function enterGuest(
  entry: number,
  a: unknown,
  b: number,
  c: number,
  d: number,
  alone: number,
): void {
  switch (entry) {
    case ENTRY.CALL:
      if (alone === 1) forgetLeftovers();
      return runCall(a as number, b, c, d);
    case ENTRY.TIMER:
      return fireTimer(a as number);
    case ENTRY.ANSWER:
      return answerRequest(a as number, b === 1, c);
    case ENTRY.FLUSH:
      return flushRecords();
    case ENTRY.INBOX:
      return useInbox(a as ArrayBufferLike, b);
    case ENTRY.OUTBOX:
      return useOutbox(a as ArrayBufferLike, b);
    case ENTRY.LOAD:
      return loadFunction(a as string);
    case ENTRY.LIBRARIES:
      return useLibraries(a as string);
    case ENTRY.ENVIRONMENT: {
      const [names, values, seed, fetchIndex] = decodeValue(readInbox(), 0, b) as Environment;
      keepSeed(seed);
      furnishFetch(fetchIndex);
      furnishEnvironment(names, values);
      readInbox()[0] = FURNISHED;
      return;
    }
  }
}

function forgetLeftovers(): void {
  forgetTimers();
  forgetRequests();
}
