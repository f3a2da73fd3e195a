import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Bytes {
  toServer: number;
  toClient: number;
}

/** What all links of a proxy share. */
export interface Traffic {
  readonly bytes: Bytes;
  readonly cut: () => void;
  /** What is sent disappears, even that a connection ends. */
  isStalled: boolean;
  slowness?: { readonly delayMs?: number; readonly bytesPerSecond?: number } | undefined;
  /** When it is spent, all connections are cut. */
  budget?: { readonly left: Bytes; readonly onSpent: () => void } | undefined;
}

/** One client's connection, and the one to the server that was opened for it. */
export interface ProxyLink {
  readonly isOpen: boolean;
  /** Ends it for the client at once; the server still reads what was forwarded. */
  sever(): void;
  /** Closes both ends at once. */
  destroy(): void;
}

interface Ends {
  readonly client: Socket;
  readonly server: Socket;
  isSevered: boolean;
}

export function openLink(
  client: Socket,
  target: { readonly host: string; readonly port: number },
  traffic: Traffic,
  onClosed: () => void,
): ProxyLink {
  const server = connect({ ...target, allowHalfOpen: true, noDelay: true });
  const ends: Ends = { client, server, isSevered: false };
  relay(ends, 'toServer', traffic);
  relay(ends, 'toClient', traffic);
  const onOneClosed = (): void => {
    if (client.closed && server.closed) onClosed();
    else if (!traffic.isStalled) sever(ends);
  };
  for (const socket of [client, server]) {
    socket.on('close', onOneClosed);
    // It closes by itself after an error.
    socket.on('error', () => socket.destroy());
  }
  return {
    get isOpen() {
      return !client.destroyed;
    },
    sever: () => sever(ends),
    destroy() {
      ends.isSevered = true;
      client.destroy();
      server.destroy();
    },
  };
}

function sever(ends: Ends): void {
  const { client, server } = ends;
  ends.isSevered = true;
  client.destroy();
  if (server.connecting) server.destroy();
  // Destroying it with an unread reply in its buffer would reset the connection, and a server may
  // then lose the end of what was forwarded.
  server.end();
  server.resume();
}

/** Reads the next chunk only when the last one was forwarded. */
function relay(ends: Ends, direction: keyof Bytes, traffic: Traffic): void {
  const { client, server } = ends;
  const [source, destination] = direction === 'toServer' ? [client, server] : [server, client];
  source.on('data', (chunk: Buffer) => {
    source.pause();
    forward(chunk).then(
      () => source.resume(),
      (error: Error) => source.destroy(error),
    );
  });
  source.on('end', () => {
    if (!traffic.isStalled) destination.end();
  });

  async function forward(chunk: Buffer): Promise<void> {
    const { delayMs = 0, bytesPerSecond = Infinity } = traffic.slowness ?? {};
    if (delayMs > 0) await delay(delayMs);
    for (const piece of pieces(chunk, bytesPerSecond)) {
      if (bytesPerSecond < Infinity) await delay((piece.length / bytesPerSecond) * 1000);
      if (traffic.isStalled || ends.isSevered) return;
      await spend(traffic, direction, piece, destination);
    }
  }
}

/** A slow connection delivers a chunk bit by bit. */
function* pieces(chunk: Buffer, bytesPerSecond: number): Generator<Buffer> {
  const size = Math.ceil(bytesPerSecond / 50);
  for (let from = 0; from < chunk.length; from += size) yield chunk.subarray(from, from + size);
}

/** Forwards what the budget allows, and cuts all connections when it is spent. */
async function spend(
  traffic: Traffic,
  direction: keyof Bytes,
  piece: Buffer,
  destination: Socket,
): Promise<void> {
  const { budget, bytes } = traffic;
  const part = piece.subarray(0, budget?.left[direction]);
  bytes[direction] += part.length;
  if (!budget) return await write(destination, part);
  budget.left[direction] -= part.length;
  const isSpent = part.length > 0 && budget.left[direction] === 0;
  // Until its last bytes have left, nothing passes in the other direction either.
  if (isSpent) Object.assign(budget.left, { toServer: 0, toClient: 0 });
  if (part.length > 0) await write(destination, part);
  if (!isSpent) return;
  if (traffic.budget === budget) traffic.budget = undefined;
  traffic.cut();
  budget.onSpent();
}

function write(destination: Socket, part: Buffer): Promise<void> {
  // A destination that fails closes, which severs the link.
  return new Promise((resolve) => destination.write(part, () => resolve()));
}
