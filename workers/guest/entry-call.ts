/** Which call the present entry belongs to, and what the prelude knows of it. */

/** A call as the guest's side sees it. */
export interface GuestCall {
  readonly id: number;
  readonly maxResultBytes: number;
  logBytesLeft: number;
}

// Work that belongs to no call any more (a timer that outlived it) still needs a call to name.
const NO_CALL: GuestCall = { id: 0, maxResultBytes: 0, logBytesLeft: 0 };

let presentCall = NO_CALL;

export function currentCall(): GuestCall {
  return presentCall;
}

/** Attributes what follows in this entry (and what it leaves behind) to `call`. */
export function enterCall(call: GuestCall): void {
  presentCall = call;
}
