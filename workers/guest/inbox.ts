/** The bytes that the worker hands in with an entry: arguments of a call, or an answer. */
import { Uint8ArrayConstructor } from '../../src/codec/primordials.ts';

let inbox: Uint8Array = new Uint8ArrayConstructor(0);

export function useInbox(buffer: ArrayBufferLike, size: number): void {
  inbox = new Uint8ArrayConstructor(buffer, 0, size);
}

export function readInbox(): Uint8Array {
  return inbox;
}
