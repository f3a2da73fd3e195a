/** What the guest asks of its host: out as a record, back as an answer. */
import { MAX_PATH_BYTES } from '../../src/codec/capability-path.ts';
import { isCodecFailure } from '../../src/codec/codec-failure.ts';
import { decodeValue } from '../../src/codec/decode.ts';
import { encodeArguments, encodeValue } from '../../src/codec/encode.ts';
import { GUEST_RECORD, REQUEST_KIND } from '../../src/codec/frame-kinds.ts';
import {
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeSet,
  Uint8ArrayConstructor,
} from '../../src/codec/primordials.ts';
import { currentCall, enterCall, type GuestCall } from './entry-call.ts';
import { PromiseConstructor, TypeErrorConstructor } from './guest-primordials.ts';
import { readInbox } from './inbox.ts';
import { appendRecord, writeWord } from './outbox.ts';

const REQUEST_HEAD = 8;
const PATH_HEAD = 4;
const MAX_ARGUMENT_BYTES = 8 * 1024 * 1024;

interface OpenRequest {
  readonly call: GuestCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

// Without a prototype, so that a number nobody asked with finds nothing.
let openRequests: Record<number, OpenRequest | undefined> = { __proto__: null } as never;
let lastRequest = 0;

/** Calls the function behind `links[index]`. */
export function requestLink(index: number, args: unknown[]): Promise<unknown> {
  return new PromiseConstructor((resolve, reject) => {
    const encoded = encodeInRequest(() => encodeArguments(args, { maxBytes: MAX_ARGUMENT_BYTES }));
    const body = requestBody(index, TypedArrayPrototypeGetLength(encoded));
    TypedArrayPrototypeSet(body, encoded, REQUEST_HEAD);
    openRequest(REQUEST_KIND.LINK, body, resolve, reject);
  });
}

/** Calls the function at `path` in the capability `requires[index]`. */
export function requestCapability(
  index: number,
  path: readonly string[],
  args: unknown[],
): Promise<unknown> {
  return new PromiseConstructor((resolve, reject) => {
    const way = encodeInRequest(() => {
      return encodeValue(path, { root: 'path', maxBytes: MAX_PATH_BYTES });
    });
    const encoded = encodeInRequest(() => encodeArguments(args, { maxBytes: MAX_ARGUMENT_BYTES }));
    const wayLength = TypedArrayPrototypeGetLength(way);
    const tail = PATH_HEAD + wayLength + TypedArrayPrototypeGetLength(encoded);
    const body = requestBody(index, tail);
    writeWord(body, REQUEST_HEAD, wayLength);
    TypedArrayPrototypeSet(body, way, REQUEST_HEAD + PATH_HEAD);
    TypedArrayPrototypeSet(body, encoded, REQUEST_HEAD + PATH_HEAD + wayLength);
    openRequest(REQUEST_KIND.CAPABILITY, body, resolve, reject);
  });
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

function encodeInRequest(encode: () => Uint8Array): Uint8Array {
  try {
    return encode();
  } catch (thrown) {
    if (!isCodecFailure(thrown)) throw thrown;
    throw new TypeErrorConstructor(`${thrown.path} ${thrown.reason}`);
  }
}

function requestBody(index: number, tail: number): Uint8Array {
  const body = new Uint8ArrayConstructor(REQUEST_HEAD + tail);
  writeWord(body, 0, currentCall().id);
  writeWord(body, 4, index);
  return body;
}

function openRequest(
  kind: number,
  body: Uint8Array,
  resolve: OpenRequest['resolve'],
  reject: OpenRequest['reject'],
): void {
  lastRequest += 1;
  openRequests[lastRequest] = { call: currentCall(), resolve, reject };
  appendRecord(GUEST_RECORD.REQUEST, kind, lastRequest, body);
}
