export type RedisArgument = string | number | Uint8Array;

/** One connection to a server, or to the nodes of a cluster, from ready to gone. */
export interface RedisConnection {
  /** Sends a command; strings in replies are buffers. Rejects at once when the connection is gone. */
  call(command: string, args: readonly RedisArgument[]): Promise<unknown>;
  /** Calls `onMessage` for each message on a channel, and when some may have been missed. */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<void>;
  /** Resolves, with the reason if there is one, when the connection is gone; never rejects. */
  readonly closed: Promise<unknown>;
  /** Bytes sent and received so far: a connection on which they stand still is stuck. */
  bytesMoved(): number;
  /** Ends it now; what has no answer rejects. */
  close(): void;
}
