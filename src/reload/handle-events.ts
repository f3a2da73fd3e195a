export interface SwapEvent {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface BlockedEvent {
  readonly name: string;
  /** The version that did not replace the one that goes on running. */
  readonly version: number;
  readonly error: unknown;
}

/** What a handle tells those who listen. */
export interface HandleEvents {
  swap: [SwapEvent];
  blocked: [BlockedEvent];
}
