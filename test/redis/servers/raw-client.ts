import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection whose bytes a test sees as they are. */
export interface RawClient {
  readonly socket: Socket;
  readonly received: () => string;
  /** Resolves when it is closed, in whatever way. */
  readonly closed: Promise<void>;
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  // It closes after an error as well, such as a reset.
  socket.on('error', () => socket.destroy()).on('close', () => resolve());
  return { socket, received: () => text, closed };
}
