/** The bytes that the worker hands in with an entry: arguments of a call, or an answer. */
import { Uint8Array } from '../../src/codec/primordials.ts';

let inbox = new Uint8Array(0);

export function useInbox(buffer: ArrayBuffer): void {
  inbox = new Uint8Array(buffer);
}

export function readInbox(): Uint8Array {
  return inbox;
}
