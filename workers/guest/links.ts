/** Calls of other functions: out through the host, back as an answer. */
import { isCodecFailure } from '../../src/codec/codec-failure.ts';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeArguments } from '../../src/codec/encode.ts';
import { GUEST_RECORD } from '../../src/codec/frame-kinds.ts';
import {
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeSet,
  Uint8ArrayConstructor,
} from '../../src/codec/primordials.ts';
import { currentCall, enterCall, type GuestCall } from './entry-call.ts';
import { ObjectFreeze, PromiseConstructor, TypeErrorConstructor } from './guest-primordials.ts';
import { readInbox } from './inbox.ts';
import { appendRecord, writeWord } from './outbox.ts';

const REQUEST_HEAD = 8;
const MAX_ARGUMENT_BYTES = 8 * 1024 * 1024;

interface OpenRequest {
  readonly call: GuestCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

// Without a prototype, so that a number nobody asked with finds nothing.
let openRequests: Record<number, OpenRequest | undefined> = { __proto__: null } as never;
let lastRequest = 0;

/** What an artifact's factory is given. */
export const scatterObject = ObjectFreeze({ __proto__: null, link: linkedFunction });

function linkedFunction(index: number): (...args: unknown[]) => Promise<unknown> {
  return function linked(...args: unknown[]): Promise<unknown> {
    return new PromiseConstructor((resolve, reject) => {
      const body = encodeRequest(index, args);
      lastRequest += 1;
      openRequests[lastRequest] = { call: currentCall(), resolve, reject };
      appendRecord(GUEST_RECORD.REQUEST, 0, lastRequest, body);
    });
  };
}

function encodeRequest(index: number, args: unknown[]): Uint8Array {
  let encoded: Uint8Array;
  try {
    encoded = encodeArguments(args, { maxBytes: MAX_ARGUMENT_BYTES });
  } catch (thrown) {
    if (!isCodecFailure(thrown)) throw thrown;
    throw new TypeErrorConstructor(`${thrown.path} ${thrown.reason}`);
  }
  const body = new Uint8ArrayConstructor(REQUEST_HEAD + TypedArrayPrototypeGetLength(encoded));
  writeWord(body, 0, currentCall().id);
  writeWord(body, 4, index);
  TypedArrayPrototypeSet(body, encoded, REQUEST_HEAD);
  return body;
}

/** Settles the promise of a request; the answer is in the inbox. */
export function answerRequest(id: number, ok: boolean, length: number): void {
  const request = openRequests[id];
  if (request === undefined) return;
  delete openRequests[id];
  enterCall(request.call);
  const value = decodeValue(readInbox(), 0, length);
  if (ok) request.resolve(value);
  else request.reject(value);
}

/** Nobody is left who could get an answer. */
export function forgetRequests(): void {
  openRequests = { __proto__: null } as never;
}
