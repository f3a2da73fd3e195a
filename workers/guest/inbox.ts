/** The bytes that the worker hands in with an entry: arguments of a call, or an answer. */
import { PLACED_AT } from '../../src/codec/frame-kinds.ts';
import { Uint8ArrayConstructor } from '../../src/codec/primordials.ts';

let inbox: Uint8Array = new Uint8ArrayConstructor(0);

export function useInbox(buffer: ArrayBufferLike, size: number): void {
  inbox = new Uint8ArrayConstructor(buffer, 0, size);
  inbox[PLACED_AT] = 1;
}

export function readInbox(): Uint8Array {
  return inbox;
}
